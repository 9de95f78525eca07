import { CRL_KEY, FOUR_KEY_FORM, shownName, TLS_FORM } from '../../certificates/ca-secret';
import { FieldPath } from '../../findings/finding';
import { isMapping } from '../../manifests/mapping';
import { Objections, ObjectionText } from '../objection';

/** One value of a Secret: never shown. */
export interface SecretValue {
  readonly key: string;
  readonly field: FieldPath;
  /** Undefined if it can't be decoded: the API server then rejects the Secret. */
  readonly text?: string;
}

/** A Secret's values as the API server would store them; rejects values that it can't decode. */
export function secretValues(at: Objections, secret: { readonly [field: string]: unknown }): SecretValue[] {
  const values = new Map<string, SecretValue>();
  for (const name of ['data', 'stringData'] as const) { // stringData wins
    const map = secret[name];
    if (map === undefined || map === null) continue;
    if (!isMapping(map)) {
      refuse(at.at(name), 'ADMIT700', Array.isArray(map) ? 'a list' : 'not a map', 'a map of keys to strings', `write ${name} as a map`);
      continue;
    }
    for (const [key, value] of Object.entries(map)) {
      const field = keyField(name, key);
      values.set(key, { key, field, text: read(at.at(...field), name, value ?? '') });
    }
  }
  return [...values.values()];
}

/** A key that doesn't look like a name may be a secret, pasted into the wrong place. */
function keyField(name: string, key: string): FieldPath {
  return shownName(key) === `'${key}'` ? [name, key] : [name];
}

/** The value's text; rejects a value that isn't a string, or isn't base64 in `data`. */
function read(at: Objections, name: 'data' | 'stringData', value: unknown): string | undefined {
  if (typeof value !== 'string') return refuse(at, 'ADMIT700', 'not a string', 'a string', 'write the value in quotes');
  if (name === 'stringData') return value;
  const plain = value.replace(/[\r\n]/g, '');
  if (plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain)) return Buffer.from(plain, 'base64').toString('latin1');
  const isPem = value.includes('-----BEGIN ');
  return refuse(at, 'ADMIT701', isPem ? 'unencoded PEM' : 'not base64', 'base64',
    isPem ? 'move it to stringData' : 'use the output of \'base64 -w0 <file>\'');
}

function refuse(at: Objections, code: string, actual: string, expected: string, fix: string): undefined {
  at.error({ code, actual, expected, because: 'the API server can\'t decode the Secret otherwise', fix });
}

const KEYS = [FOUR_KEY_FORM[1], TLS_FORM[1]];
const CHAIN = FOUR_KEY_FORM[3];
const CRL = 'X509 CRL';
const READABLE_KEYS = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];

/** Rejects the wrong kinds of PEM blocks in a value that istiod reads; reports only the kinds, never the content. */
export function judgePem(at: Objections, { key, text }: SecretValue): void {
  if (text === undefined) return;
  if (KEYS.includes(key)) judgeKey(at, text);
  else judgeCertificates(at, key, text);
}

function pemLabels(text: string): string[] {
  return Array.from(text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,60})-----/g), ([, label]) => label);
}

function judgeKey(at: Objections, text: string): void {
  const labels = pemLabels(text);
  if (READABLE_KEYS.includes(labels[0])) return;
  at.error({
    code: 'ADMIT707',
    actual: text === '' ? 'empty' : describedKey(labels),
    expected: `PEM that starts with ${READABLE_KEYS.map((label) => `'${label}'`).join(', ')}`,
    because: 'istiod reads the first block as the CA\'s private key, and otherwise doesn\'t start',
    fix: labels[0] === 'CERTIFICATE'
      ? 'put the private key here, and the certificate under its own key'
      : 'put the output of \'openssl pkey -in <file>\' here',
  });
}

/** Never quotes a label: the rest of a BEGIN line may be part of a secret. */
function describedKey(labels: string[]): string {
  switch (labels[0]) {
    case undefined: return 'not PEM';
    case 'CERTIFICATE': return 'a certificate';
    case 'ENCRYPTED PRIVATE KEY': return 'an encrypted private key';
    case 'EC PARAMETERS': return 'PEM that starts with EC parameters';
    default: return 'PEM that starts with something else';
  }
}

function judgeCertificates(at: Objections, key: string, text: string): void {
  const labels = pemLabels(text);
  if (labels.some((label) => label.endsWith('PRIVATE KEY'))) {
    at.error({
      code: 'ADMIT706',
      actual: 'text with a private key',
      expected: 'certificates only',
      because: 'istiod passes these texts, including the key, on to every proxy and namespace',
      fix: 'remove the private key, and generate a new one if this Secret was ever applied',
    });
    return;
  }
  const wanted = key === CRL_KEY ? CRL : 'CERTIFICATE';
  const isFine = key === CHAIN || key === CRL_KEY ? labels.includes(wanted) : labels[0] === wanted;
  if (isFine) return;
  const objection: ObjectionText = {
    code: 'ADMIT708',
    actual: text === '' ? 'empty' : labels.length === 0 ? 'not PEM' : 'PEM of another kind',
    expected: `PEM blocks '${wanted}'`,
    because: key === CHAIN ? 'proxies get no chain to present to their peers'
      : key === CRL_KEY ? lists(text)
        : 'istiod doesn\'t start otherwise',
    fix: `put the output of 'openssl ${wanted === CRL ? 'crl' : 'x509'} -in <file>' `
      + `here${key === CRL_KEY && text === '' ? ', or remove the key' : ''}`,
  };
  if (key === CHAIN || (key === CRL_KEY && text === '')) at.warning(objection);
  else at.error(objection);
}

function lists(text: string): string {
  return text === ''
    ? 'istiod ignores empty text, and treats no certificate as revoked'
    : 'istiod doesn\'t start otherwise, unless PILOT_ENABLE_CA_CRL is false';
}
