import { Finding, findingMessage } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { refusal } from '../findings/refusal';
import { idKey, MeshObject, ObjectName, objectText, readObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';

/** The objects of a mesh, and what is told of it where its changes are read. */
export interface EditedMesh {
  readonly mesh: Mesh;
  /** What is there besides, and stays where all manifests are replaced. */
  readonly facts: readonly object[];
  readonly manifests: readonly object[];
  /** Objects in the namespaces that they go to. */
  readonly placed: (objects: readonly object[]) => readonly object[];
  /** Why an API server or istiod's webhook would refuse an object. */
  readonly errorsIn: (object: object) => readonly Finding[];
}

/** The manifests of a mesh while they are changed. */
export class EditedManifests {
  /** Why objects aren't there though they are applied, a sentence each. */
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

  /** What an API server or istiod's webhook would refuse isn't applied: what was there stays. */
  apply(objects: readonly object[]): void {
    for (const object of this.read(this.admitted(this.edited.placed(objects)))) this.put(object);
  }

  /** @throws if there is no such object, or several are of kinds of that name */
  remove({ kind, namespace, name }: ObjectName): void {
    const [kindName, ...group] = kind.split('.');
    const found = [...this.objects.values()].filter((object) => (
      object.kind === kindName && object.namespace === namespace && object.name === name && (group.length === 0 || object.group === group.join('.'))
    ));
    if (found.length === 1) this.objects.delete(idKey(found[0]));
    else throw found.length === 0 ? this.missing({ kind, namespace, name }) : ambiguous(kind, found);
  }

  /** As if all manifests were deleted that other ones don't hold, and these applied; facts stay. */
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
      code: 'MTLS083',
      kind: 'MtlsChange',
      field: 'remove',
      actual: objectText(object),
      expected: 'an object of the manifests or facts',
      because: 'nothing would be removed',
      fix: meant === undefined ? 'check the name' : `write ${meant}`,
    });
  }
}

function ambiguous(kind: string, found: readonly MeshObject[]): Error {
  const kinds = found.map((object) => `${object.kind}.${object.group}`);
  return refusal({
    code: 'MTLS083',
    kind: 'MtlsChange',
    field: 'remove',
    actual: `${kind}, which ${kinds.join(' and ')} have for a name`,
    expected: 'one object',
    because: 'nobody could tell which is meant',
    fix: `write the kind with its group, such as ${kinds.find((name) => !name.endsWith('.'))}`,
  });
}
