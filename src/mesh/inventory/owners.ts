import { addTo } from '../collections';
import { MeshObject } from './object';
import { groupOf } from '../../manifests/kinds';
import { Mapping, mapping, mappings, text } from '../../manifests/mapping';

/** The parts that identify an owner. */
type Owner = Pick<MeshObject, 'group' | 'kind' | 'namespace' | 'name'>;

/** Which objects create which, by `ownerReferences`: dumps of a cluster also contain what controllers created. */
export class Owners {
  static readonly NONE = new Owners(new Map());

  private constructor(private readonly byOwned: ReadonlyMap<string, readonly string[]>) {}

  /** The same, with what some manifests say. */
  with(manifests: Iterable<Mapping>): Owners {
    const added = [...manifests].flatMap(ownershipOf);
    return added.length === 0 ? this : new Owners(new Map([...this.byOwned, ...added]));
  }

  /**
   * Everything that some objects create, directly or indirectly, with the one that does.
   * Objects that own each other in a circle have no creator.
   */
  madeBy(makers: ReadonlySet<string>): ReadonlyMap<string, string> {
    const made = new Map<string, string>();
    const byOwner = new Map<string, string[]>();
    const waiting = new Map<string, number>();
    for (const [owned, owners] of this.byOwned) {
      waiting.set(owned, owners.length);
      for (const owner of owners) addTo(byOwner, owner, owned);
    }
    const known = [...byOwner.keys()].filter((owner) => !waiting.has(owner));
    // Grows during the iteration: by whatever has all of its owners before it.
    for (const owner of known) {
      const maker = makers.has(owner) ? owner : made.get(owner);
      for (const owned of byOwner.get(owner) ?? []) {
        if (maker !== undefined && !made.has(owned)) made.set(owned, maker);
        const left = waiting.get(owned)! - 1;
        waiting.set(owned, left);
        if (left === 0) known.push(owned);
      }
    }
    return made;
  }

  get isEmpty(): boolean {
    return this.byOwned.size === 0;
  }
}

/** What a manifest belongs to, by `ownerReferences`. */
function ownershipOf({ apiVersion, kind, metadata }: Mapping): readonly (readonly [string, readonly string[]])[] {
  const { name, namespace, ownerReferences } = mapping(metadata);
  if (ownerReferences === undefined) return [];
  const references = mappings(ownerReferences);
  if (references.length === 0) return [];
  const place = text(namespace) ?? 'default';
  return [[keyOf(ownerOf({ apiVersion, kind, name }, place)), references.map((reference) => keyOf(ownerOf(reference, place)))]];
}

/** What identifies owners, and what references name. */
export function keyOf({ group, kind, namespace, name }: Owner): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** The owner that a reference in a namespace means. */
export function ownerOf({ apiVersion, kind, name }: Mapping, namespace: string): Owner {
  return { group: groupOf(text(apiVersion) ?? ''), kind: text(kind) ?? '', namespace, name: text(name) ?? '' };
}
