import { CallExpression, Expression, FieldExpressions, options } from './expression';
import { isMapping, Mapping, mapping } from '../manifests/mapping';

/** What ApiObject takes of an object, and writes: the rest is for patches. */
export function rawProps({ apiVersion, kind, metadata, ...others }: Mapping): FieldExpressions {
  return {
    apiVersion: apiVersion as string,
    kind: kind as string,
    metadata: options(typedMetadata(mapping(metadata))),
    ...withoutNulls(others) as FieldExpressions,
  };
}

/** The chart says the namespace. */
function typedMetadata({ namespace: _, ...metadata }: Mapping): FieldExpressions {
  const isFit = ([key, value]: [string, unknown]): boolean => !isEmpty(value) && (!Object.hasOwn(TYPES, key) || TYPES[key](value));
  return Object.fromEntries(Object.entries(withoutNulls(metadata) as Mapping).filter(isFit)) as FieldExpressions;
}

/** Of metadata cdk8s writes nothing that is empty. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => isMapping(value) && Object.values(value).every(isText);

/** What cdk8s has types for. */
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: isText,
  labels: areTexts,
  annotations: areTexts,
  finalizers: (value) => Array.isArray(value) && value.every(isText),
  ownerReferences: (value) => Array.isArray(value) && value.every(isOwner),
};

const OWNER_TEXTS = ['apiVersion', 'kind', 'name', 'uid'];
const OWNER_FLAGS = ['blockOwnerDeletion', 'controller'];

function isOwner(value: unknown): boolean {
  return isMapping(value) && OWNER_TEXTS.every((key) => isText(value[key]))
    && Object.entries(value).every(([key, one]) => OWNER_TEXTS.includes(key) || (OWNER_FLAGS.includes(key) && typeof one === 'boolean'));
}

function withoutNulls(value: unknown): Expression {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value as Expression;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => [key, withoutNulls(one)]));
}

/** What of an object's metadata a construct has to be told once it is there, by the variable of what has the metadata. */
export function metadataCalls(owner: string, { metadata }: Mapping, takesLabels = false, ownAnnotations = ''): readonly CallExpression[] {
  const { name: _, namespace: _too, labels, annotations, finalizers, ...others } = mapping(metadata);
  const added = (method: string, values: unknown): CallExpression[] => (
    Object.entries(mapping(values)).map(([key, value]) => CallExpression.of(`${owner}.metadata.${method}`, key, value as Expression)));
  const foreign = Object.entries(mapping(annotations)).filter(([key]) => ownAnnotations === '' || !key.startsWith(ownAnnotations));
  return [
    ...takesLabels ? [] : added('addLabel', labels),
    ...added('addAnnotation', Object.fromEntries(foreign)),
    ...Array.isArray(finalizers) ? [CallExpression.of(`${owner}.metadata.addFinalizers`, ...finalizers as readonly Expression[])] : [],
    ...Object.entries(others).filter(([, value]) => value !== null)
      .map(([key, value]) => CallExpression.of(`${owner}.metadata.add`, key, value as Expression)),
  ];
}
