import { nearest } from '../../findings/nearest';
import { mapping } from '../../manifests/mapping';
import { Objections } from '../objection';
import { judgePem, SecretValue, secretValues } from './secret-values';
import { CA_SECRET_NAME, CRL_KEY, FOUR_KEY_FORM, isLeftToIstiod, ISTIO_GENERATED, shownName, TLS_FORM } from '../../certificates/ca-secret';

/** Istio's own Secrets with CA keys. */
const ISTIO_SECRETS = ['istio-ca-secret'];

/**
 * Rejects what the API server and istiod reject in the Secret `cacerts` in istiod's namespace, and warns of Secrets that
 * look like it but are never read. No finding contains a value of a Secret.
 */
export function judgeCacerts(at: Objections, object: unknown, istiodNamespace: string = 'istio-system'): void {
  const secret = mapping(object);
  if (secret.kind !== 'Secret' || secret.apiVersion !== 'v1') return;
  const { name, namespace } = mapping(secret.metadata);
  const isThere = namespace === istiodNamespace || namespace === undefined || namespace === null || namespace === '';
  if (name === CA_SECRET_NAME && isThere) return judgeValues(at, secret);
  const values = secretValues(new Objections(), secret);
  if (name === CA_SECRET_NAME) warnOfNamespace(at, namespace, istiodNamespace, values);
  else if (isThere) warnOfName(at, name, secret.type, values);
}

function judgeValues(at: Objections, secret: { readonly [field: string]: unknown }): void {
  const values = secretValues(at, secret);
  judgeType(at.at('type'), secret.type, values);
  judgeKeys(at, values);
  const isLeft = isLeftToIstiod((name) => values.find(({ key }) => key === name)?.text);
  const read = values.some(({ key }) => key === TLS_FORM[0]) ? TLS_FORM : isLeft ? ['root-cert.pem'] : [...FOUR_KEY_FORM, CRL_KEY];
  for (const value of values.filter(({ key }) => read.includes(key))) judgePem(at.at(...value.field), value);
}

function isCa(values: readonly SecretValue[]): boolean {
  return values.some(({ key }) => key === 'ca-cert.pem' || key === 'ca-key.pem');
}

function judgeType(at: Objections, type: unknown, values: readonly SecretValue[]): void {
  if (type !== 'kubernetes.io/tls') return;
  const missing = ['tls.crt', 'tls.key'].filter((name) => !values.some(({ key }) => key === name));
  if (missing.length === 0) return;
  at.error({
    code: 'ADMIT711',
    actual: `'${type}', without ${missing.join(' and ')}`,
    expected: `type Opaque, or ${missing.join(' and ')}`,
    because: 'the API server requires tls.crt and tls.key for this type',
    fix: 'set type to Opaque',
  });
}

function warnOfName(at: Objections, name: unknown, type: unknown, values: readonly SecretValue[]): void {
  if (ISTIO_SECRETS.includes(name as string) || (typeof type === 'string' && type.startsWith('istio.io/'))) return;
  const hasTlsCa = TLS_FORM.every((form) => values.some(({ key }) => key === form));
  const isMisspelt = typeof name === 'string' && name.length <= 63 && hasTlsCa && nearest(name, [CA_SECRET_NAME]) !== undefined;
  const hasRoot = ['root-cert.pem', 'cert-chain.pem'].every((form) => values.some(({ key }) => key === form));
  if (!isCa(values) && !isMisspelt && !hasRoot) return;
  at.at('metadata', 'name').warning({
    code: 'ADMIT709',
    actual: shownName(name),
    expected: `'${CA_SECRET_NAME}', when it is istiod's CA`,
    because: 'istiod reads its CA from no other Secret, and otherwise silently generates one',
    fix: `name it '${CA_SECRET_NAME}', with the keys ${(hasTlsCa ? TLS_FORM : FOUR_KEY_FORM).join(', ')}`,
  });
}

function warnOfNamespace(at: Objections, namespace: unknown, istiodNamespace: string, values: readonly SecretValue[]): void {
  if (!isCa(values)) return;
  at.at('metadata', 'namespace').warning({
    code: 'ADMIT710',
    actual: shownName(namespace),
    expected: `'${istiodNamespace}', istiod's namespace`,
    because: 'istiod only mounts the Secret in its own namespace',
    fix: `set it to '${istiodNamespace}', or specify istiod's namespace if it is different`,
  });
}

/** Other names that people, openssl and other tools give the four files. */
const ALSO_CALLED: { readonly [name: string]: readonly string[] } = {
  'ca-cert.pem': ['cert.pem', 'ca.pem', 'ca.crt', 'tls.crt', 'ca-cert.crt', 'intermediate.pem'],
  'ca-key.pem': ['key.pem', 'ca.key', 'tls.key', 'private-key.pem', 'private.key'],
  'root-cert.pem': ['root.pem', 'root-ca.pem', 'root.crt', 'ca-root.pem', 'root-cert.crt'],
  'cert-chain.pem': ['chain.pem', 'fullchain.pem', 'ca-chain.pem', 'chain.crt', 'bundle.pem'],
};

/** Reports how istiod reads a Secret `cacerts` with these keys. */
function judgeKeys(at: Objections, values: readonly SecretValue[]): void {
  const names = values.map(({ key }) => key);
  const isTls = names.includes(TLS_FORM[0]);
  const form = isTls ? TLS_FORM : FOUR_KEY_FORM;
  const found = form.filter((name) => names.includes(name));
  if (found.length === 0) return warnOfNothingToRead(at.at('data'), names);
  const missing = form.filter((name) => !names.includes(name));
  const unread = values.filter(({ key }) => !form.includes(key) && key !== ISTIO_GENERATED && (isTls || key !== CRL_KEY));
  const renamed = new Map(missing.map((name) => [name, meant(name, unread.map(({ key }) => key))]));
  for (const name of missing) objectToMissing(at.at('data', name), name, found, renamed.get(name));
  for (const { key, field } of unread.filter((value) => ![...renamed.values()].includes(value.key))) {
    warnOfUnread(at.at(...field), key, isTls);
  }
}

/** The key that istiod doesn't read, and that most likely stands for a missing one. */
function meant(missing: string, unread: readonly string[]): string | undefined {
  return unread.find((name) => ALSO_CALLED[missing]?.includes(name.toLowerCase())) ??
    unread.find((name) => name.length <= 63 && nearest(name, [...FOUR_KEY_FORM, ...TLS_FORM]) === missing);
}

function warnOfNothingToRead(at: Objections, names: readonly string[]): void {
  const guesses = FOUR_KEY_FORM.map((name) => ({ name, written: meant(name, names) })).filter(({ written }) => written !== undefined);
  at.warning({
    code: 'ADMIT703',
    actual: names.length === 0 ? 'without keys' : `without a key that istiod reads: ${listed(names)}`,
    expected: `${FOUR_KEY_FORM.join(', ')}; or ${TLS_FORM.join(', ')}`,
    because: 'istiod finds no CA there and silently generates one',
    fix: guesses.length > 0
      ? guesses.map(({ name, written }) => `rename ${shownName(written)} to '${name}'`).join(', ')
      : 'use these names',
  });
}

function objectToMissing(at: Objections, name: string, found: readonly string[], written: string | undefined): void {
  at.error({
    code: 'ADMIT702',
    actual: 'missing',
    expected: `to exist together with ${found.join(', ')}`,
    because: 'istiod doesn\'t start with an incomplete set',
    fix: written === undefined ? `add '${name}'` : `rename ${shownName(written)} to '${name}'`,
  });
}

function warnOfUnread(at: Objections, key: string, isTls: boolean): void {
  const other = isTls && (FOUR_KEY_FORM.includes(key) || key === CRL_KEY);
  at.warning({
    code: other ? 'ADMIT704' : 'ADMIT705',
    actual: `the key ${shownName(key)}`,
    expected: isTls ? `${TLS_FORM.join(', ')} only` : `${[...FOUR_KEY_FORM, CRL_KEY].join(', ')} only`,
    because: other ? 'istiod ignores the other form if it finds tls.crt' : 'istiod doesn\'t read this key',
    fix: other ? 'keep only one of the two forms' : 'remove it',
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(shownName).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
