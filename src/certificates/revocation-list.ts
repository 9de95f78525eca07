import { KeyObject, verify } from 'node:crypto';
import { Asn1, children, decode, GENERALIZED_TIME, INTEGER, is, oidOf, SEQUENCE, UTC_TIME } from './asn1';
import { Certificate } from './certificate';
import { PemBlock } from './pem';

/** A CA's certificate revocation list. */
export interface RevocationList {
  /** The encoded name. */
  readonly issuerName: Buffer;
  readonly thisUpdate: Date;
  /** Undefined: it is valid until there is another one. */
  readonly nextUpdate?: Date;
  revokes(certificate: Certificate): boolean;
  isSignedBy(publicKey: KeyObject): boolean;
}

/** The label by which OpenSSL, and therefore a proxy, finds lists; Go ignores labels. */
export const CRL_LABEL = 'X509 CRL';

/** The hash that Node needs for each signature algorithm that Go verifies; Ed25519 needs none. */
const HASHES: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/** The list in a PEM block, whatever its label; undefined if it can't be read. */
export function revocationListOf({ bytes }: PemBlock): RevocationList | undefined {
  if (bytes === undefined) return undefined;
  try {
    return readList(bytes);
  } catch {
    return undefined;
  }
}

function readList(der: Buffer): RevocationList {
  const [signed, algorithm, signature] = children(decode(der));
  const fields = children(signed);
  const [, issuer, thisUpdate, ...rest] = fields.slice(is(fields[0], INTEGER) ? 1 : 0);
  const entries = rest.find((field) => is(field, SEQUENCE));
  const serials = new Set((entries ? children(entries) : []).map((entry) => serialText(children(entry)[0])));
  const hash = HASHES[oidOf(children(algorithm)[0])];
  const [written, text] = [signed.valueBeforeDecodeView, signature.valueBlock.valueHexView];
  return {
    issuerName: Buffer.from(issuer.valueBeforeDecodeView),
    thisUpdate: dateOf(thisUpdate),
    nextUpdate: rest.filter(isTime).map(dateOf)[0],
    revokes: ({ serialNumber, issuerName }) => serials.has(serialNumber) && issuerName.equals(issuer.valueBeforeDecodeView),
    isSignedBy: (key) => hash !== undefined && verify(hash, written, key, text),
  };
}

function isTime(field: Asn1): boolean {
  return is(field, UTC_TIME) || is(field, GENERALIZED_TIME);
}

/** `261127120000Z`, with a year from 1950 to 2049, or with four digits for the year. */
function dateOf(time: Asn1): Date {
  const text = Buffer.from(time.valueBlock.valueHexView).toString('latin1');
  const digits = is(time, UTC_TIME) ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const date = new Date(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(date.getTime())) throw new Error('no time');
  return date;
}

/** The serial number as Node writes it: in hexadecimal, without leading zeros. */
function serialText({ valueBlock: { valueHexView } }: Asn1): string {
  return Buffer.from(valueHexView).toString('hex').replace(/^(?:00)+(?=.)/, '');
}
