import { IConstruct } from 'constructs';
import { MeshFacts } from './mesh-facts';

/** An error of a synth, and the mesh that it is of. */
export interface MeshError {
  readonly text: string;
  readonly facts: MeshFacts;
}

/** `DestinationRule 'shop/web' (shop/rule): …`, `Calls (shop/web/Resource): …`. */
const SUBJECT = /^\w+(?: '[^']*')? \((.+)$/s;

/** The parts of an error that may be the path of its construct, the longest first: ids of constructs may have brackets, too. */
function pathsIn(text: string): readonly string[] {
  const parts = (SUBJECT.exec(text)?.[1] ?? '').split('): ');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('): ')).reverse();
}

/**
 * Returns each error from the construct that it is about. cdk8s prints the path of the construct that returns an error, and that of an
 * app is empty.
 */
export class ErrorPlaces {
  private readonly errors = new Map<IConstruct, string[]>();
  private readonly validated = new WeakSet<IConstruct>();

  public constructor(private readonly root: IConstruct) {}

  /** Gives errors to their constructs, instead of the former ones; returns those that only the app can return. */
  public place(errors: readonly MeshError[]): string[] {
    this.errors.clear();
    if (errors.length === 0) return [];
    const byPath = new Map(this.root.node.findAll().map((construct) => [construct.node.path, construct]));
    return errors.flatMap(({ text, facts }) => {
      const path = pathsIn(text).find((one) => one !== '' && byPath.has(one));
      const place = path === undefined ? facts.istioMeshes.at(0) : byPath.get(path);
      if (!place || place === this.root) return [text];
      this.add(place, text);
      return [];
    });
  }

  private add(place: IConstruct, text: string): void {
    const known = this.errors.get(place);
    if (known) known.push(text);
    else this.errors.set(place, [text]);
    if (this.validated.has(place)) return;
    this.validated.add(place);
    place.node.addValidation({ validate: () => this.errors.get(place) ?? [] });
  }
}
