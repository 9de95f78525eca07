import { KeyObject, verify } from 'node:crypto';
import { Asn1, children, decode, GENERALIZED_TIME, INTEGER, is, oidOf, SEQUENCE, UTC_TIME } from './asn1';
import { Certificate } from './certificate';
import { PemBlock } from './pem';

/** What a CA has revoked. */
export interface RevocationList {
  /** As it is encoded. */
  readonly issuerName: Buffer;
  readonly thisUpdate: Date;
  /** Undefined: it holds until there is another. */
  readonly nextUpdate?: Date;
  revokes(certificate: Certificate): boolean;
  isSignedBy(publicKey: KeyObject): boolean;
}

/** By which OpenSSL, and so a proxy, finds lists; Go looks at no label. */
export const CRL_LABEL = 'X509 CRL';

/** Hashes by the signature algorithms that Go verifies and Node does by these alone; Ed25519 needs none. */
const HASHES: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/** The list that a block of PEM holds, whatever its label; undefined if it can't be read. */
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

/** `261127120000Z`, of a year from 1950 on, or with four digits for the year. */
function dateOf(time: Asn1): Date {
  const text = Buffer.from(time.valueBlock.valueHexView).toString('latin1');
  const digits = is(time, UTC_TIME) ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const date = new Date(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(date.getTime())) throw new Error('no time');
  return date;
}

/** As Node writes a certificate's: in hexadecimal, without leading zeros. */
function serialText({ valueBlock: { valueHexView } }: Asn1): string {
  return Buffer.from(valueHexView).toString('hex').replace(/^(?:00)+(?=.)/, '');
}
