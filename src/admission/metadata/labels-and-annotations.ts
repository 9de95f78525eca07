import { mapping } from '../../manifests/mapping';
import { Objections } from '../objection';
import { isIstioKey } from './istio-keys';
import { asLabelValue, isAnnotationKey, isLabelValue, isQualifiedName } from './kubernetes-names';
import { redacted, shown } from '../../findings/safe-text';
import { isGoBool } from '../../manifests/go-values';

const LARGEST_ANNOTATIONS = 256 * 1024;
const KEY = 'a name of at most 63 letters, digits, \'-\', \'_\' and \'.\', with an optional DNS prefix such as \'example.com/\' before it';

/** Rejects what the API server rejects in an object's labels and annotations, whatever their meaning. */
export function judgeLabelsAndAnnotations(at: Objections, metadata: unknown): void {
  const fields = mapping(metadata);
  for (const [key, value] of entries(fields.labels)) {
    if (!isQualifiedName(key)) objectToKey(at.at('labels', key), 'ADMIT507', key);
    if (typeof value === 'string' && !isLabelValue(value)) objectToLabelValue(at.at('labels', key), key, value);
  }
  const annotations = entries(fields.annotations);
  for (const [key] of annotations) {
    if (!isAnnotationKey(key)) objectToKey(at.at('annotations', key), 'ADMIT509', key);
  }
  if (annotations.length > 0) judgeSize(at.at('annotations'), annotations);
}

const NO_ENTRIES: readonly [string, unknown][] = Object.freeze([]);

/** The entries of a map; none of anything else. As for the API server, null is the empty string. */
export function entries(map: unknown): readonly [string, unknown][] {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return NO_ENTRIES;
  return Object.entries(map).map(([key, value]) => [key, value ?? '']);
}

/** Rejects a string that isn't a valid label value. */
export function objectToLabelValue(at: Objections, key: string, value: string): void {
  at.error({
    code: 'ADMIT508',
    actual: value.length > 63 ? `${shown(value)}, ${value.length} characters long` : shown(value),
    expected: 'nothing, or at most 63 letters, digits, \'-\', \'_\' and \'.\', starting and ending with a letter or digit',
    because: 'the API server accepts no other label value',
    fix: labelFix(value, key),
  });
}

/**
 * An annotation accepts any text, but would show a private key to everyone who can read
 * the object, and Istio doesn't read its labels there.
 */
function labelFix(value: string, key: string): string {
  if (redacted(value) !== value) return 'delete the label, and put keys and certificates into a Secret';
  const near = asLabelValue(value);
  if (isIstioKey(key)) return near ? `write '${near}'` : 'delete the label, or write such a value';
  return near ? `write '${near}', or use an annotation, which accepts any text` : 'use an annotation, which accepts any text';
}

function objectToKey(at: Objections, code: string, key: string): void {
  at.error({
    code,
    actual: `the key ${shown(key)}`,
    expected: KEY,
    because: 'the API server accepts no other key',
    fix: key.split('/').length > 2 ? 'keep one \'/\' only' : 'rename the key',
  });
}

function judgeSize(at: Objections, annotations: readonly [string, unknown][]): void {
  const size = annotations.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + (typeof value === 'string' ? Buffer.byteLength(value) : 0), 0,
  );
  if (size <= LARGEST_ANNOTATIONS) return;
  at.error({
    code: 'ADMIT510',
    actual: `${size} bytes of keys and values`,
    expected: `at most ${LARGEST_ANNOTATIONS} bytes`,
    because: 'the API server accepts no more',
    fix: 'move the largest annotation into a ConfigMap',
  });
}

const DRY_RUN = 'istio.io/dry-run';

const BANNED: { readonly [key: string]: string } = {
  'internal.istio.io/parents': 'it would give the object the rights of another',
  'internal.istio.io/parent-namespace': 'it would give the object the rights of another namespace',
  'internal.istio.io/webhook-always-reject': 'istiod tests its own webhook with it',
};

/** Rejects what istiod's validating webhook rejects in the annotations of an object of one of Istio's kinds. */
export function judgeAnnotationsByWebhook(at: Objections, object: { readonly [field: string]: unknown }): void {
  for (const [key, value] of entries(mapping(object.metadata).annotations)) {
    if (typeof value !== 'string') continue;
    if (key === DRY_RUN) judgeDryRun(at.at(key), object, value);
    else if (Object.hasOwn(BANNED, key)) objectToBanned(at.at(key), BANNED[key]);
  }
}

function objectToBanned(at: Objections, consequence: string): void {
  at.error({
    code: 'ADMIT522',
    actual: 'set',
    expected: 'to be set only by istiod',
    because: `${consequence}; istiod's webhook rejects it`,
    fix: 'remove it',
  });
}

function judgeDryRun(at: Objections, { kind, spec }: { readonly [field: string]: unknown }, value: string): void {
  const because = 'istiod\'s webhook rejects it otherwise';
  const action = mapping(spec).action ?? 'ALLOW';
  if (kind !== 'AuthorizationPolicy') {
    at.error({ code: 'ADMIT520', actual: `on ${kind}`, expected: 'on AuthorizationPolicy only', because, fix: 'remove it' });
  } else if (action !== 'ALLOW' && action !== 'DENY') {
    at.error({
      code: 'ADMIT520',
      actual: `on an AuthorizationPolicy with action ${shown(action)}`,
      expected: 'with action ALLOW or DENY only',
      because,
      fix: 'remove it',
    });
  } else if (!isGoBool(value)) {
    at.error({ code: 'ADMIT521', actual: shown(value), expected: 'true or false', because, fix: 'write \'true\', in quotes' });
  }
}
