import { Inventory } from './inventory';
import { KIND } from './kinds';
import { MeshObject } from './object';
import { Labels, NAMESPACE_NAME } from '../names/labels';

/** The namespaces of the manifests. A missing one may still exist, with unknown labels. */
export class Namespaces {
  static of(objects: Inventory): Namespaces {
    return new Namespaces(new Map(objects.of(KIND.Namespace).map((object) => [object.name, { object, labels: labelsOfNamespace(object) }])));
  }

  private constructor(private readonly byName: ReadonlyMap<string, { readonly object: MeshObject; readonly labels: Labels }>) {}

  /** The Namespace; undefined if it isn't in the manifests. */
  objectOf(name: string): MeshObject | undefined {
    return this.byName.get(name)?.object;
  }

  /** The labels; undefined if the namespace isn't in the manifests. */
  labelsOf(name: string): Labels | undefined {
    return this.byName.get(name)?.labels;
  }
}

/** The labels of a Namespace, including the one that all have. */
export function labelsOfNamespace({ name, labels }: MeshObject): Labels {
  return { [NAMESPACE_NAME]: name, ...labels };
}
