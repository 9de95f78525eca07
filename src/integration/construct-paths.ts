import type { Mesh } from '../mesh/mesh';

/** The identity of an object, as results name it. */
interface Named {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The paths of the constructs that emit the objects of a mesh, by the objects' names. */
export class ConstructPaths {
  private readonly byName: ReadonlyMap<string, string>;

  /** @param paths by the objects as they are emitted; empty if they come from a text */
  public constructor({ objects }: Mesh, paths: ReadonlyMap<object, string>) {
    this.byName = new Map([...objects.all()].flatMap((object) => {
      const path = paths.get(object.source);
      return path === undefined ? [] : [[keyOf(object), path]];
    }));
  }

  /** Undefined if no construct of the app emits it. */
  public of(object: Named): string | undefined {
    return this.byName.get(keyOf(object));
  }
}

function keyOf({ group, kind, namespace, name }: Named): string {
  return [group, kind, namespace, name].join('/');
}
