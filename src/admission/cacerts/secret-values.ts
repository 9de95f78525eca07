import { FOUR_KEY_FORM, TLS_FORM } from '../../certificates/ca-secret';
import { shownName } from '../../certificates/shown-name';
import { FieldPath } from '../../findings/field-path';
import { Objection } from '../objection';

/** One value of a Secret: never to be shown. */
export interface SecretValue {
  readonly key: string;
  readonly field: FieldPath;
  /** Undefined where it can't be read: the API server refuses the Secret then. */
  readonly text?: string;
}

/** A Secret's values as the API server would keep them, and what keeps it from that. */
export function secretValues(secret: any): { readonly values: SecretValue[]; readonly objections: Objection[] } {
  const values = new Map<string, SecretValue>();
  const objections: Objection[] = [];
  for (const name of ['data', 'stringData'] as const) { // stringData wins
    const map = secret[name];
    if (map === undefined || map === null) continue;
    if (typeof map !== 'object' || Array.isArray(map)) {
      objections.push(refused('ADMIT700', [name], Array.isArray(map) ? 'a list' : 'no map', 'a map of keys to text', `write ${name} as a map`));
      continue;
    }
    for (const [key, value] of Object.entries(map)) {
      const { text, objection } = read(name, keyField(name, key), value ?? '');
      values.set(key, { key, field: keyField(name, key), text });
      if (objection) objections.push(objection);
    }
  }
  return { values: [...values.values()], objections };
}

/** A key that looks like no name may be a secret, pasted into the wrong place. */
function keyField(name: string, key: string): FieldPath {
  return shownName(key) === `'${key}'` ? [name, key] : [name];
}

function read(name: 'data' | 'stringData', field: FieldPath, value: unknown): { text?: string; objection?: Objection } {
  if (typeof value !== 'string') return { objection: refused('ADMIT700', field, 'no text', 'text', 'write the value as text in quotes') };
  if (name === 'stringData') return { text: value };
  const plain = value.replace(/[\r\n]/g, '');
  if (plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain)) return { text: Buffer.from(plain, 'base64').toString('latin1') };
  const isPem = value.includes('-----BEGIN ');
  return { objection: refused('ADMIT701', field, isPem ? 'a PEM text as it stands' : 'no base64', 'base64', isPem ? 'move it to stringData' : 'write the output of \'base64 -w0 <file>\'') };
}

function refused(code: string, field: FieldPath, actual: string, expected: string, fix: string): Objection {
  return { code, severity: 'error', field, actual, expected, because: 'the API server cannot decode the Secret otherwise', fix };
}

const KEYS = [FOUR_KEY_FORM[1], TLS_FORM[1]];
const CHAIN = FOUR_KEY_FORM[3];
const CRL = 'X509 CRL';
const READABLE_KEYS = ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'];

/** What the kinds of PEM blocks in a value that istiod reads say against it; only the kinds, never what is in them. */
export function pemObjections(value: SecretValue): Objection[] {
  if (value.text === undefined) return [];
  const labels = pemLabels(value.text);
  return KEYS.includes(value.key) ? keyObjections(value, labels) : certificateObjections(value, labels);
}

function pemLabels(text: string): string[] {
  return Array.from(text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,60})-----/g), ([, label]) => label);
}

function keyObjections({ field, text }: SecretValue, labels: string[]): Objection[] {
  if (READABLE_KEYS.includes(labels[0])) return [];
  return [{
    code: 'ADMIT707',
    severity: 'error',
    field,
    actual: text === '' ? 'empty' : describedKey(labels),
    expected: `a PEM text that starts with ${READABLE_KEYS.map((label) => `'${label}'`).join(', ')}`,
    because: 'istiod reads the first block as the CA\'s private key, and does not start otherwise',
    fix: labels[0] === 'CERTIFICATE' ? 'put the private key here, and the certificate under its own key' : 'put the output of \'openssl pkey -in <file>\' here',
  }];
}

/** In words of ours: what else stands in a BEGIN line may be part of a secret. */
function describedKey(labels: string[]): string {
  switch (labels[0]) {
    case undefined: return 'no PEM text';
    case 'CERTIFICATE': return 'a certificate';
    case 'ENCRYPTED PRIVATE KEY': return 'an encrypted private key';
    case 'EC PARAMETERS': return 'a PEM text that starts with EC parameters';
    default: return 'a PEM text that starts with something else';
  }
}

function certificateObjections({ key, field, text }: SecretValue, labels: string[]): Objection[] {
  if (labels.some((label) => label.endsWith('PRIVATE KEY'))) {
    return [{
      code: 'ADMIT706',
      severity: 'error',
      field,
      actual: 'a text with a private key',
      expected: 'certificates only',
      because: 'istiod hands these texts on to every proxy and namespace, with the key',
      fix: 'take the private key out, and replace it by a new one if this Secret was ever applied',
    }];
  }
  const wanted = key === 'ca-crl.pem' ? CRL : 'CERTIFICATE';
  const isFine = key === CHAIN || key === 'ca-crl.pem' ? labels.includes(wanted) : labels[0] === wanted;
  if (isFine) return [];
  return [{
    code: 'ADMIT708',
    severity: key === CHAIN || (key === 'ca-crl.pem' && text === '') ? 'warning' : 'error',
    field,
    actual: text === '' ? 'empty' : labels.length === 0 ? 'no PEM text' : 'a PEM text of another kind',
    expected: `PEM blocks '${wanted}'`,
    because: key === CHAIN ? 'proxies get no chain to show to their peers' : 'istiod does not start otherwise',
    fix: `put the output of 'openssl ${wanted === CRL ? 'crl' : 'x509'} -in <file>' here`,
  }];
}
