import { Finding, findingMessage } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { refusal } from '../findings/refusal';
import { idKey, MeshObject, ObjectName, objectText, readObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The objects of a mesh, with the functions to read changes of them. */
export interface EditedMesh {
  readonly mesh: Mesh;
  /** Objects that aren't manifests, and stay when all manifests are replaced. */
  readonly facts: readonly object[];
  readonly manifests: readonly object[];
  /** Sets the namespace of objects that don't name theirs. */
  readonly placed: (objects: readonly object[]) => readonly object[];
  /** Why an API server or istiod's webhook would reject an object. */
  readonly errorsIn: (object: object) => readonly Finding[];
}

/** The manifests of a mesh while they are changed. */
export class EditedManifests {
  /** Why applied objects would be rejected, one sentence each. */
  readonly refused: string[] = [];
  private readonly objects = new Map<string, MeshObject>();
  private readonly own: Set<string>;

  constructor(private readonly edited: EditedMesh) {
    for (const object of this.read([...edited.facts, ...edited.manifests])) this.put(object);
    this.own = new Set(this.read(edited.manifests).map(idKey));
  }

  /** The objects as they are now. */
  get manifests(): readonly object[] {
    return [...this.objects.values()].map(({ source }) => source);
  }

  /** An object that an API server or istiod's webhook would reject isn't applied: the previous one stays. */
  apply(objects: readonly object[]): void {
    for (const object of this.read(this.admitted(this.edited.placed(objects)))) this.put(object);
  }

  /** @throws if there is no such object, or if several API groups have one */
  remove({ kind, namespace, name }: ObjectName): void {
    const [kindName, ...group] = kind.split('.');
    const found = [...this.objects.values()].filter((object) => (
      object.kind === kindName && object.namespace === namespace && object.name === name
        && (group.length === 0 || object.group === group.join('.'))
    ));
    if (found.length === 1) this.objects.delete(idKey(found[0]));
    else throw found.length === 0 ? this.missing({ kind, namespace, name }) : ambiguous(kind, found);
  }

  /** Deletes the manifests that `objects` don't contain, and applies `objects`; facts stay. */
  replaceAll(objects: readonly object[]): void {
    const kept = new Set(this.read(this.edited.placed(objects)).map(idKey));
    for (const key of this.own) if (!kept.has(key)) this.objects.delete(key);
    this.apply(objects);
  }

  private put(object: MeshObject): void {
    this.objects.set(idKey(object), object);
  }

  private read(sources: readonly object[]): readonly MeshObject[] {
    return sources.flatMap((source) => readObject(source, this.edited.mesh.objects.readBy) ?? []);
  }

  private admitted(objects: readonly object[]): readonly object[] {
    return objects.filter((object) => {
      const errors = this.edited.errorsIn(object);
      this.refused.push(...errors.map((error) => findingMessage(object, error)));
      return errors.length === 0;
    });
  }

  private missing(object: ObjectName): Error {
    const meant = nearest(objectText(object), [...this.objects.values()].map(objectText));
    return refusal({
      code: 'API083',
      kind: 'MtlsChange',
      field: 'remove',
      actual: objectText(object),
      expected: 'an object of the manifests or the facts',
      because: 'nothing would be removed',
      fix: meant === undefined ? 'check the name' : `write ${meant}`,
    });
  }
}

function ambiguous(kind: string, found: readonly MeshObject[]): Error {
  const kinds = found.map((object) => `${object.kind}.${object.group}`);
  return refusal({
    code: 'API083',
    kind: 'MtlsChange',
    field: 'remove',
    actual: `${kind}, which may be ${kinds.join(' or ')}`,
    expected: 'one object',
    because: 'it would be unclear which object is meant',
    fix: `write the kind with its group, such as ${kinds.find((name) => !name.endsWith('.'))}`,
  });
}
