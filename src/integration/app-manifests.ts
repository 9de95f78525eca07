import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { MeshFacts } from './mesh-facts';
import { isMapping } from '../manifests/mapping';

/** An object as it is emitted; its fields may have any type. */
export type Manifest = Readonly<Record<string, unknown>>;

/** An object of an app, as it would be emitted now. */
export interface AppManifest {
  readonly apiObject: ApiObject;
  readonly manifest: Manifest;
}

/** A mesh of an app, and all objects that it owns, as they would be emitted now. */
export interface MeshManifests {
  readonly facts: MeshFacts;
  readonly manifests: readonly AppManifest[];
}

/** The ApiObjects that a mesh owns. */
export function apiObjectsOf(facts: MeshFacts): ApiObject[] {
  return MeshFacts.owners(facts.root).constructsOf(facts).filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
}

/** Completes the objects of a mesh before they are read or emitted. Doing so again changes nothing. */
type Completion = (facts: MeshFacts, objects: readonly ApiObject[]) => void;

const completions = new WeakMap<IConstruct, Completion>();

/** Completes the objects of all meshes of an app. */
export function completeObjects({ node: { root } }: IConstruct, completion: Completion): void {
  completions.set(root, completion);
}

/** All objects that a mesh owns. Doesn't change what is emitted later. */
export function manifestsOf(facts: MeshFacts): MeshManifests {
  const objects = apiObjectsOf(facts);
  completions.get(facts.root)?.(facts, objects);
  return { facts, manifests: objects.map((apiObject) => ({ apiObject, manifest: manifestOf(apiObject) })) };
}

/** The manifests of a pass; undefined outside of one. */
let steady: Map<ApiObject, Manifest> | undefined;

/** Runs a pass during which no construct changes: each object is then serialized once, however many others read it. */
export function withSteadyManifests<T>(pass: () => T): T {
  if (steady) return pass();
  steady = new Map();
  try {
    return pass();
  } finally {
    steady = undefined;
  }
}

/** The object as it would be emitted now. */
export function manifestOf(apiObject: ApiObject): Manifest {
  const found = steady?.get(apiObject);
  if (found) return found;
  const manifest = emittedBy(apiObject);
  steady?.set(apiObject, manifest);
  return manifest;
}

/**
 * Each `toJson` of a cdk8s-plus workload adds its scheduling terms once more. They are removed again; otherwise this call
 * would change the user's YAML.
 */
function emittedBy(apiObject: ApiObject): Manifest {
  const lists = schedulingLists(apiObject).map((list) => ({ list, before: [...list] }));
  try {
    return apiObject.toJson();
  } finally {
    for (const { list, before } of lists) list.splice(0, list.length, ...before);
  }
}

function schedulingLists({ node: { scope } }: ApiObject): unknown[][] {
  const scheduling = (scope as { scheduling?: object } | undefined)?.scheduling;
  return scheduling && typeof scheduling === 'object' ? Object.values(scheduling).filter(Array.isArray) : [];
}

/**
 * A manifest with the fields that its binding dropped. Bindings of `cdk8s import` emit only the fields that they know, and
 * silently drop all others, including those of a JSON patch. What the user wrote must be judged.
 */
export function withDroppedFields(apiObject: ApiObject, manifest: Manifest): Manifest {
  const plain = plainToJson(apiObject);
  return plain === apiObject.toJson ? manifest : restored(plain.call(apiObject), manifest) as Manifest;
}

/** The `toJson` of ApiObject itself, in whichever copy of cdk8s the object comes from. */
function plainToJson(apiObject: ApiObject): () => Manifest {
  let found = apiObject.toJson;
  for (let prototype = Object.getPrototypeOf(apiObject); prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (Object.hasOwn(prototype, 'toJson')) found = prototype.toJson;
  }
  return found;
}

function restored(said: unknown, emitted: unknown): unknown {
  if (Array.isArray(said) && Array.isArray(emitted)) return emitted.map((item, index) => restored(said[index], item));
  if (!isMapping(said) || !isMapping(emitted)) return emitted;
  const names = new Map(Object.keys(emitted).map((name) => [plainName(name), name]));
  const result: Record<string, unknown> = { ...emitted };
  for (const [name, value] of Object.entries(said)) {
    const known = Object.hasOwn(emitted, name) ? name : names.get(plainName(name));
    if (known === undefined) result[name] = value;
    else result[known] = restored(value, emitted[known]);
  }
  return result;
}

/** The bindings write `mirror_percent` as `mirrorPercent`. */
function plainName(name: string): string {
  return name.replace(/_/g, '').toLowerCase();
}
