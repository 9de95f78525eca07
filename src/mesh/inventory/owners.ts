import { addTo } from './collections';
import { MeshObject } from './object';
import { groupOf } from '../../manifests/kinds';
import { Mapping, mapping, mappings, text } from '../../manifests/mapping';

/** An object as owners are told apart. */
type Owner = Pick<MeshObject, 'group' | 'kind' | 'namespace' | 'name'>;

/** Which objects are said to make which, by `ownerReferences`: dumps of a cluster hold what controllers have made, too. */
export class Owners {
  static readonly NONE = new Owners(new Map());

  private constructor(private readonly byOwned: ReadonlyMap<string, readonly string[]>) {}

  /** The same, and what some manifests say. */
  with(manifests: Iterable<Mapping>): Owners {
    const added = [...manifests].flatMap(ownershipOf);
    return added.length === 0 ? this : new Owners(new Map([...this.byOwned, ...added]));
  }

  /** What some objects make, and what that makes in its turn. What is said to make itself, in a circle, nobody makes. */
  madeBy(makers: ReadonlySet<string>): ReadonlySet<string> {
    const made = new Set<string>();
    const byOwner = new Map<string, string[]>();
    const waiting = new Map<string, number>();
    for (const [owned, owners] of this.byOwned) {
      waiting.set(owned, owners.length);
      for (const owner of owners) addTo(byOwner, owner, owned);
    }
    const known = [...byOwner.keys()].filter((owner) => !waiting.has(owner));
    // Grows while it is gone through: by whatever has all of its owners before it.
    for (const owner of known) {
      const makes = makers.has(owner) || made.has(owner);
      for (const owned of byOwner.get(owner) ?? []) {
        if (makes) made.add(owned);
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

/** By what owners are told apart, and what they refer to. */
export function keyOf({ group, kind, namespace, name }: Owner): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** What a reference means that is written in a namespace. */
export function ownerOf({ apiVersion, kind, name }: Mapping, namespace: string): Owner {
  return { group: groupOf(text(apiVersion) ?? ''), kind: text(kind) ?? '', namespace, name: text(name) ?? '' };
}
