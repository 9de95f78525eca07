import { FOUR_KEY_FORM, TLS_FORM } from '../../certificates/ca-secret';
import { Objection } from '../objection';
import { SecretValue } from './secret-values';

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
