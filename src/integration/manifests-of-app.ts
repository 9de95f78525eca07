import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

/** An object of an app, as it would be emitted now. */
export interface AppManifest {
  readonly apiObject: ApiObject;
  readonly manifest: any;
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
export function manifestOf(apiObject: ApiObject): any {
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
