import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Refuse } from './refuse';
import { withArticle } from '../findings/refusal';

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

/** A kind of the core API group, of which a user passes an object. */
interface CoreKind {
  readonly kind: 'Namespace' | 'ServiceAccount';
  /** What the error says of another construct. */
  readonly code: string;
  readonly field: string;
  readonly fix: string;
}

/** The object of this kind that a user passed. */
export function coreObject(construct: IConstruct, { kind, ...words }: CoreKind, refuse: Refuse): ApiObject {
  const object = apiObjectOf(construct);
  if (object?.kind === kind && object.apiGroup === 'core') return object;
  const missing = construct === undefined || construct === null;
  throw refuse({ ...words, actual: missing ? 'missing' : shownConstruct(construct), expected: `${withArticle(kind)} (v1)` });
}
