import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isMapping } from '../manifests/mapping';

/** What is emitted of an object, as its author wrote it: fields of any type. */
export type Manifest = Readonly<Record<string, unknown>>;

/** An object of an app, as it would be emitted now. */
export interface AppManifest {
  readonly apiObject: ApiObject;
  readonly manifest: Manifest;
}

/** All objects of an app. Nothing that a later emission gives is changed by asking. */
export function manifestsOf(root: IConstruct): AppManifest[] {
  return root.node.findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
    .map((apiObject) => ({ apiObject, manifest: manifestOf(apiObject) }));
}

/**
 * The object as it would be emitted now.
 *
 * cdk8s-plus adds the terms that spread a workload over nodes and zones to its scheduling, once more for each
 * `toJson`. They are taken out again, or being asked would change the user's YAML.
 */
export function manifestOf(apiObject: ApiObject): Manifest {
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
 * A manifest with what a binding has dropped put back. The bindings that `cdk8s import` makes emit only fields that
 * they know, and lose the others without a word, those of a JSON patch too. What the user said is what must be
 * judged.
 */
export function withDroppedFields(apiObject: ApiObject, manifest: Manifest): Manifest {
  const plain = plainToJson(apiObject);
  return plain === apiObject.toJson ? manifest : restored(plain.call(apiObject), manifest) as Manifest;
}

/** `ApiObject`'s own `toJson`, of whatever copy of cdk8s the object comes from. */
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
