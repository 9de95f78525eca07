import { FieldPath } from '../../findings/finding';
import { Objection } from '../objection';
import { asDnsName, isDnsLabel, isDnsSubdomain } from './kubernetes-names';
import { redacted, shown } from '../../findings/safe-text';

const NAME = 'at most 253 lower case letters, digits, \'-\' and \'.\', each part between the dots starting and ending with a letter or digit';
const NAMESPACE = 'at most 63 lower case letters, digits and \'-\', starting and ending with a letter or digit';

/** What the API server has against a custom resource's name, generateName and namespace. */
export function nameObjections(metadata: any): Objection[] {
  const { name, generateName, namespace } = metadata ?? {};
  const objections: Objection[] = [];
  const hasPrefix = typeof generateName === 'string' && generateName !== '';
  if (hasPrefix && !isPrefix(generateName, isAbsent(name))) objections.push(badName('ADMIT504', ['metadata', 'generateName'], generateName, NAME, 253));
  if (isAbsent(name)) {
    if (isAbsent(generateName)) objections.push(noName());
  } else if (typeof name === 'string' && !isDnsSubdomain(name)) {
    objections.push(badName('ADMIT503', ['metadata', 'name'], name, NAME, 253));
  }
  if (typeof namespace === 'string' && namespace !== '' && !isDnsLabel(namespace)) {
    objections.push(badName('ADMIT505', ['metadata', 'namespace'], namespace, NAMESPACE, 63));
  }
  return objections;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * The API server takes a prefix as a name in which a dash at the end is fine; where there is no name, it adds
 * five letters to the first 58 and judges what comes of it too.
 */
function isPrefix(prefix: string, isUsed: boolean): boolean {
  const masked = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
  return isDnsSubdomain(masked) && (!isUsed || isDnsSubdomain(`${prefix.slice(0, 58)}x`));
}

function badName(code: string, field: FieldPath, value: string, expected: string, longest: number): Objection {
  const near = redacted(value) === value ? asDnsName(value, longest) : undefined;
  return {
    code,
    severity: 'error',
    field,
    actual: value.length > longest ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected,
    because: 'the API server admits no other',
    fix: near ? `name it '${near.length > 80 ? `${near.slice(0, 20)}…` : near}'` : 'choose such a name',
  };
}

function noName(): Objection {
  return {
    code: 'ADMIT502',
    severity: 'error',
    field: ['metadata', 'name'],
    actual: 'missing',
    expected: 'a name, or a generateName',
    because: 'the API server admits no object without one',
    fix: 'set metadata.name',
  };
}
