import { KeyObject } from 'node:crypto';
import { CRL_KEY, CertificateFault, FOUR_KEY_FORM } from './ca-secret';
import { certificateOf } from './certificate';
import { Pem, readPem } from './pem';
import { isKeyOf, KEY_LABELS, privateKeyOf } from './private-key';

/** PEM texts by the keys of the four-key form. */
export type CaPem = Readonly<Record<string, string>>;

const [CA_CERT, CA_KEY] = FOUR_KEY_FORM;

/**
 * What is wrong with the texts of a CA: each must be what its key says, and the private key must belong to the certificate.
 *
 * A fault never quotes a text, nor the error of the library that parsed it.
 */
export function caPemFault(pem: CaPem): CertificateFault | undefined {
  const publicKeys = [...FOUR_KEY_FORM.filter((key) => key !== CA_KEY), ...pem[CRL_KEY] === undefined ? [] : [CRL_KEY]];
  for (const key of publicKeys) {
    const fault = publicPemFault(key, pem[key]);
    if (fault) return fault;
  }
  const privateKey = onlyKeyIn(pem[CA_KEY]);
  if (!privateKey) return privateKeyFault(pem[CA_KEY]);
  if (isKeyOf(privateKey, certificateOf(readPem(pem[CA_CERT]).blocks[0])!)) return undefined;
  return {
    code: 'API076',
    field: CA_KEY,
    actual: `not the private key of the first certificate in ${CA_CERT}`,
    expected: 'the private key of that certificate',
    because: 'istiod doesn\'t start otherwise',
    fix: `pass the key that ${CA_CERT} was issued for`,
  };
}

/** What is wrong with a text that must hold only certificates, or under the key of the revocation lists only these. */
export function publicPemFault(field: string, text: unknown): CertificateFault | undefined {
  const label = field === CRL_KEY ? 'X509 CRL' : 'CERTIFICATE';
  const expected = `PEM blocks '${label}' and nothing else`;
  if (typeof text !== 'string' || text.trim() === '') {
    return {
      code: 'API073', field, actual: 'empty', expected, because: 'istiod doesn\'t start with an incomplete set', fix: 'pass the PEM text',
    };
  }
  if (text.includes('PRIVATE KEY')) {
    return {
      code: 'API074',
      field,
      actual: 'text with a private key',
      expected,
      because: 'istiod distributes certificates to every proxy and namespace',
      fix: `pass the key only as ${CA_KEY}, and replace it with a new one if this text was stored or sent anywhere else`,
    };
  }
  const pem = readPem(text);
  const readable = pem.blocks.every((block) => block.label === label && (field === CRL_KEY || certificateOf(block)));
  if (readable && pem.blocks.length > 0 && !pem.hasOtherText) return undefined;
  return {
    code: 'API073',
    field,
    actual: described(pem, label),
    expected,
    because: 'istiod or a proxy would fail to read it',
    fix: `pass the output of 'openssl ${field === CRL_KEY ? 'crl' : 'x509'} -in <file>', `
      + `for each ${field === CRL_KEY ? 'list' : 'certificate'}`,
  };
}

function privateKeyFault(text: unknown): CertificateFault {
  return {
    code: 'API075',
    field: CA_KEY,
    actual: describedKey(text),
    expected: `exactly one PEM block ${KEY_LABELS.map((label) => `'${label}'`).join(', ')} and nothing else, with an `
      + 'unencrypted RSA, EC or Ed25519 key',
    because: 'istiod reads only the first block, and only such keys',
    fix: "pass the output of 'openssl pkey -in <file>'",
  };
}

/** Describes a PEM text without quoting anything of it, not even a label. */
function described({ blocks, hasOtherText }: Pem, label: string): string {
  if (blocks.length === 0) return 'text without a PEM block';
  if (hasOtherText) return 'PEM blocks with other text around them';
  return blocks.every((block) => block.label === label) ? 'PEM with a block that can\'t be read' : 'PEM with a block of another kind';
}

function describedKey(text: unknown): string {
  if (typeof text !== 'string' || text.trim() === '') return 'empty';
  const pem = readPem(text);
  if (pem.blocks.length > 1) return `text with ${pem.blocks.length} PEM blocks`;
  if (pem.blocks[0]?.label === 'ENCRYPTED PRIVATE KEY') return 'an encrypted private key';
  return KEY_LABELS.includes(pem.blocks[0]?.label) && !pem.hasOtherText ? 'a private key that can\'t be read' : described(pem, '');
}

/** The private key in a text that holds exactly one block, if istiod can decode it. */
function onlyKeyIn(text: unknown): KeyObject | undefined {
  if (typeof text !== 'string') return undefined;
  const { blocks, hasOtherText } = readPem(text);
  return blocks.length === 1 && !hasOtherText ? privateKeyOf(blocks[0]) : undefined;
}
