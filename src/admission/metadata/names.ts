import { Objections } from '../objection';
import { asDnsName } from './kubernetes-names';
import { isName, isPrefix, LABEL, NameRule } from './name-rules';
import { redacted, shown } from '../../findings/safe-text';
import { mapping } from '../../manifests/mapping';

const EXPECTED = {
  subdomain: 'lower case letters, digits, \'-\' and \'.\', each part between the dots starting and ending with a letter or digit',
  label: 'lower case letters, digits and \'-\', starting and ending with a letter or digit',
};

type Metadata = { readonly [field: string]: unknown };

/** Rejects what the API server rejects as an object's name or generateName. */
export function judgeName(at: Objections, metadata: Metadata, rule: NameRule): void {
  const { name, generateName } = metadata;
  const hasPrefix = typeof generateName === 'string' && generateName !== '';
  if (hasPrefix && !isPrefix(generateName, isUnset(name), rule)) {
    objectToName(at.at('generateName'), 'ADMIT504', generateName, rule);
  }
  judgeNameIsThere(at, metadata);
  if (typeof name === 'string' && name !== '' && !isName(name, rule)) objectToName(at.at('name'), 'ADMIT503', name, rule);
}

/** Rejects what the API server rejects as the namespace of an object that has one. */
export function judgeNamespace(at: Objections, { namespace }: Metadata): void {
  if (typeof namespace !== 'string' || namespace === '' || isName(namespace, LABEL)) return;
  objectToName(at.at('namespace'), 'ADMIT505', namespace, LABEL);
}

export function judgeNameIsThere(at: Objections, metadata: unknown): void {
  const { name, generateName } = mapping(metadata);
  if (!isUnset(name) || !isUnset(generateName)) return;
  at.at('name').error({
    code: 'ADMIT502',
    actual: 'missing',
    expected: 'a name, or a generateName',
    because: 'the API server admits no object without one',
    fix: 'set metadata.name',
  });
}

/** As for the API server, an empty text is as good as none. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function objectToName(at: Objections, code: string, value: string, rule: NameRule): void {
  const near = redacted(value) === value ? asDnsName(value, rule.longest, rule.form === 'subdomain') : undefined;
  at.error({
    code,
    actual: value.length > rule.longest ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected: `at most ${rule.longest} ${EXPECTED[rule.form]}`,
    because: 'the API server accepts no other',
    fix: near ? `name it '${near.length > 80 ? `${near.slice(0, 20)}…` : near}'` : 'choose such a name',
  });
}

/** Warns of a Service's name that API servers before Kubernetes 1.36 refuse. */
export function warnOfLeadingDigit(at: Objections, { name, generateName }: Metadata): void {
  const field = isUnset(name) ? 'generateName' : 'name';
  const value = isUnset(name) ? generateName : name;
  if (typeof value !== 'string' || !/^\d/.test(value)) return;
  at.at(field).warning({
    code: 'ADMIT515',
    actual: shown(value),
    expected: 'a Service\'s name that starts with a letter',
    because: 'API servers before Kubernetes 1.36 accept no other',
    fix: 'start it with a letter, or make sure that the cluster runs Kubernetes 1.36 or newer',
  });
}
