import { FieldPath } from '../../findings/field-path';
import { Objection } from '../objection';
import { isIstioKey } from './istio-keys';
import { asLabelValue, isAnnotationKey, isLabelValue, isQualifiedName } from './kubernetes-names';
import { redacted } from '../../findings/redaction';
import { shown } from '../../findings/shown';
import { isGoBool } from '../go-values';

const LARGEST_ANNOTATIONS = 256 * 1024;
const KEY = 'a name of at most 63 letters, digits, \'-\', \'_\' and \'.\', with an optional DNS prefix such as \'example.com/\' before it';

/** What the API server has against an object's labels and annotations, whatever their meaning. */
export function labelAndAnnotationObjections(metadata: any): Objection[] {
  const labels = entries(metadata?.labels);
  const annotations = entries(metadata?.annotations);
  if (labels.length === 0 && annotations.length === 0) return [];
  return [
    ...labels.flatMap(([key, value]) => labelObjections(key, value, ['metadata', 'labels', key])),
    ...annotations.filter(([key]) => !isAnnotationKey(key)).map(([key]) => badKey('ADMIT509', key, ['metadata', 'annotations', key])),
    ...sizeObjections(annotations),
  ];
}

const NO_ENTRIES: readonly [string, unknown][] = Object.freeze([]);

/** The entries of a map; none of anything else, and a null value is the empty string, as it is to the API server. */
export function entries(map: unknown): readonly [string, unknown][] {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return NO_ENTRIES;
  return Object.entries(map).map(([key, value]) => [key, value ?? '']);
}

function labelObjections(key: string, value: unknown, field: FieldPath): Objection[] {
  return [
    ...isQualifiedName(key) ? [] : [badKey('ADMIT507', key, field)],
    ...typeof value === 'string' && !isLabelValue(value) ? [badLabelValue(value, field)] : [],
  ];
}

/** A label's value that is text, and not such as a label may have. */
export function badLabelValue(value: string, field: FieldPath): Objection {
  return {
    code: 'ADMIT508',
    severity: 'error',
    field,
    actual: value.length > 63 ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected: 'nothing, or at most 63 letters, digits, \'-\', \'_\' and \'.\', starting and ending with a letter or digit',
    because: 'the API server admits no other label value',
    fix: labelFix(value, field[field.length - 1] as string),
  };
}

/** An annotation takes any text, but would show a private key to whoever may read the object, and Istio doesn't read its labels there. */
function labelFix(value: string, key: string): string {
  if (redacted(value) !== value) return 'delete the label, and put keys and certificates into a Secret';
  const near = asLabelValue(value);
  if (isIstioKey(key)) return near ? `write '${near}'` : 'delete the label, or write such a value';
  return near ? `write '${near}', or use an annotation, which takes any text` : 'use an annotation, which takes any text';
}

function badKey(code: string, key: string, field: FieldPath): Objection {
  return {
    code,
    severity: 'error',
    field,
    actual: `the key ${shown(key)}`,
    expected: KEY,
    because: 'the API server admits no other key',
    fix: key.split('/').length > 2 ? 'keep one \'/\' only' : 'rename the key',
  };
}

function sizeObjections(annotations: readonly [string, unknown][]): Objection[] {
  const size = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + (typeof value === 'string' ? Buffer.byteLength(value) : 0), 0);
  if (size <= LARGEST_ANNOTATIONS) return [];
  return [{
    code: 'ADMIT510',
    severity: 'error',
    field: ['metadata', 'annotations'],
    actual: `${size} bytes of keys and values`,
    expected: `at most ${LARGEST_ANNOTATIONS} bytes`,
    because: 'the API server admits no more',
    fix: 'move the largest annotation into a ConfigMap',
  }];
}

const DRY_RUN = 'istio.io/dry-run';

const BANNED: { readonly [key: string]: string } = {
  'internal.istio.io/parents': 'it would lend the object the rights of another',
  'internal.istio.io/parent-namespace': 'it would lend the object the rights of another namespace',
  'internal.istio.io/webhook-always-reject': 'istiod tests its own webhook with it',
};

/** What istiod's validating webhook has against the annotations of an object of one of Istio's kinds. */
export function webhookAnnotationObjections(object: any): Objection[] {
  const annotations = entries(object?.metadata?.annotations);
  return annotations.flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    if (key === DRY_RUN) return dryRun(object, value);
    return Object.hasOwn(BANNED, key) ? [banned(key)] : [];
  });
}

function banned(key: string): Objection {
  return {
    code: 'ADMIT522',
    severity: 'error',
    field: ['metadata', 'annotations', key],
    actual: 'set',
    expected: 'to be set by istiod alone',
    because: `${BANNED[key]}; istiod's webhook refuses it`,
    fix: 'remove it',
  };
}

function dryRun(object: any, value: string): Objection[] {
  const field = ['metadata', 'annotations', DRY_RUN];
  const objection = { severity: 'error' as const, field, because: 'istiod\'s webhook refuses it otherwise' };
  if (object.kind !== 'AuthorizationPolicy') {
    return [{ ...objection, code: 'ADMIT520', actual: `on ${object.kind}`, expected: 'on AuthorizationPolicy only', fix: 'remove it' }];
  }
  const action = object.spec?.action ?? 'ALLOW';
  if (action !== 'ALLOW' && action !== 'DENY') {
    return [{ ...objection, code: 'ADMIT520', actual: `on an AuthorizationPolicy with action ${shown(action)}`, expected: 'with action ALLOW or DENY only', fix: 'remove it' }];
  }
  if (isGoBool(value)) return [];
  return [{ ...objection, code: 'ADMIT521', actual: shown(value), expected: 'true or false', fix: 'write \'true\', in quotes' }];
}
