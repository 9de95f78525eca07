import { FieldPath } from '../../findings/field-path';
import { Shape, shape, shapes, text, texts } from '../objects/shape';

/** What one list of a rule asks of a request: `principals`, `notNamespaces`, the `values` of a `when`. */
export interface Condition {
  /** In the words of `when`, also for what `from` says: `source.principal` for `principals`. */
  readonly attribute: string;
  /** None of the values may fit, instead of one of them. */
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly field: FieldPath;
}

/** The lists of a source, each with its attribute and the list that negates it. */
const SOURCE_LISTS = ([
  ['source.principal', 'principals', 'notPrincipals'],
  ['source.namespace', 'namespaces', 'notNamespaces'],
  ['source.serviceAccount', 'serviceAccounts', 'notServiceAccounts'],
  ['source.trustDomain', 'trustDomains', 'notTrustDomains'],
  ['source.ip', 'ipBlocks', 'notIpBlocks'],
  ['remote.ip', 'remoteIpBlocks', 'notRemoteIpBlocks'],
  ['request.auth.principal', 'requestPrincipals', 'notRequestPrincipals'],
] as const).flatMap(([attribute, list, notList]) => [{ attribute, negated: false, list }, { attribute, negated: true, list: notList }]);

/** The attributes that are read from the client's certificate. */
const OF_CERTIFICATE: ReadonlySet<string> = new Set(['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain']);

const SNI = 'connection.sni';

export function isOfCertificate({ attribute }: Condition): boolean {
  return OF_CERTIFICATE.has(attribute);
}

export function isOfSni({ attribute }: Condition): boolean {
  return attribute === SNI;
}

/** Whether a plaintext connection has nothing to compare: it never fits a list of such, and always fits one that negates. */
export function needsTls(condition: Condition): boolean {
  return isOfCertificate(condition) || isOfSni(condition);
}

export function readSource(source: Shape, field: FieldPath): readonly Condition[] {
  return SOURCE_LISTS.filter(({ list }) => list in source)
    .flatMap(({ attribute, negated, list }) => conditionOf(attribute, negated, source[list], [...field, list]));
}

export function readWhen(when: unknown, field: FieldPath): readonly Condition[] {
  return shapes(when).flatMap(({ key, values, notValues }, index) => {
    const attribute = text(key) ?? '';
    return [
      ...conditionOf(attribute, false, values, [...field, index, 'values']),
      ...conditionOf(attribute, true, notValues, [...field, index, 'notValues']),
    ];
  });
}

/** An empty list asks nothing. */
function conditionOf(attribute: string, negated: boolean, list: unknown, field: FieldPath): readonly Condition[] {
  const values = texts(list);
  return values.length === 0 ? [] : [{ attribute, negated, values, field }];
}

/** Each source of `from`; one without conditions where `from` says nothing. */
export function readFrom(from: unknown, field: FieldPath): readonly (readonly Condition[])[] {
  const sources = shapes(from).map(({ source }, index) => readSource(shape(source), [...field, index, 'source']));
  return sources.length === 0 ? [[]] : sources;
}
