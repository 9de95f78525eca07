import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';

/** `ApiObject.of`, with undefined instead of an exception. */
export function apiObjectOf(construct: IConstruct): ApiObject | undefined {
  if (!Construct.isConstruct(construct)) return undefined;
  if (ApiObject.isApiObject(construct)) return construct;
  const child = construct.node.defaultChild;
  return child && apiObjectOf(child);
}

/** What a user passed as a construct, in an error. */
export function shownConstruct(construct: unknown): string {
  if (!Construct.isConstruct(construct)) return `of type ${typeof construct}, not a construct`;
  const object = apiObjectOf(construct);
  return `${construct.node.path} (${object ? `${object.apiVersion} ${object.kind}` : 'no API object'})`;
}

/** The path that a construct will have: an ApiObject's checks run before it exists. */
export function pathIn(scope: IConstruct, id: string): string {
  return [scope.node.path, id].filter(Boolean).join('/');
}
