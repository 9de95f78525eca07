import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

interface Own {
  readonly apiObject: ApiObject;
}

interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** An object of the app that no construct of ours made. */
export interface ForeignObject {
  readonly apiObject: ApiObject;
  readonly namespace?: string;
  /** As its author wrote it: of any type. */
  readonly spec?: any;
}

/** The app's objects of a kind beside our own. */
export function foreignObjects(root: IConstruct, own: readonly Own[], { group, kind }: GroupKind): ForeignObject[] {
  const ours = new Set<IConstruct>(own.map(({ apiObject }) => apiObject));
  return root.node.findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && !ours.has(construct))
    .filter((apiObject) => apiObject.kind === kind && apiObject.apiGroup === group)
    .map((apiObject) => {
      const { metadata, spec } = apiObject.toJson();
      return { apiObject, namespace: metadata?.namespace, spec };
    });
}

/** The texts of a list; none if it is no list, which is for the API server to refuse. */
export function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}
