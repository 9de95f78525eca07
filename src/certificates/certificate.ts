import { createHash, KeyObject, X509Certificate } from 'node:crypto';
import { CertificateFields, certificateFields } from './extensions';
import { PemBlock } from './pem';

/** The contents of a certificate. */
export interface Certificate extends CertificateFields {
  /** `O=Example, CN=istiod-ca`; may be empty, as the issuer may. */
  readonly subject: string;
  readonly issuer: string;
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hexadecimal, without leading zeros. */
  readonly serialNumber: string;
  /** Undefined for an unknown kind of key. */
  readonly publicKey?: KeyObject;
  /** `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly keyText: string;
  /** SHA-256 of the whole certificate, in hexadecimal. */
  readonly fingerprint: string;
  /** SHA-256 of its public key, in hexadecimal; the same for certificates with the same key. */
  readonly keyFingerprint: string;
  /** Whether it is signed with its own key. */
  readonly isSelfSigned: boolean;
  /** Its encoding. */
  readonly der: Buffer;
  /** Whether it is signed with a key. */
  isSignedBy(publicKey: KeyObject): boolean;
}

/** The certificate in a PEM block; undefined if it can't be read. */
export function certificateOf({ bytes, label, hasHeaders }: PemBlock): Certificate | undefined {
  if (label !== 'CERTIFICATE' || hasHeaders || bytes === undefined) return undefined;
  return readCertificate(bytes);
}

/** The certificate in DER; undefined if Node or istiod can't read it. */
export function readCertificate(der: Buffer): Certificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    // Node silently drops what follows the certificate; Go rejects it.
    if (x509.raw.length !== der.length) return undefined;
    const fields = certificateFields(x509.raw);
    // For an invalid time, Node returns an invalid date, and Go rejects the certificate.
    if (fields.hasNegativeSerial || [x509.validFrom, x509.validTo].some((time) => Number.isNaN(Date.parse(time)))) return undefined;
    return { ...fields, ...textsOf(x509), ...keyOf(x509, fields), der: x509.raw, isSignedBy: (key) => isSignedBy(x509, key) };
  } catch {
    return undefined;
  }
}

type Texts = Pick<Certificate, 'subject' | 'issuer' | 'uris' | 'dnsNames' | 'notBefore' | 'notAfter' | 'serialNumber' | 'fingerprint'>;

function textsOf(x509: X509Certificate): Texts {
  const names = namesIn(x509.subjectAltName ?? '');
  return {
    subject: nameText(x509.subject),
    issuer: nameText(x509.issuer),
    uris: names.flatMap(([type, value]) => (type === 'URI' ? [value] : [])),
    dnsNames: names.flatMap(([type, value]) => (type === 'DNS' ? [value] : [])),
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    serialNumber: x509.serialNumber.toLowerCase(),
    fingerprint: createHash('sha256').update(x509.raw).digest('hex'),
  };
}

/** Node writes each part on a line of its own. */
function nameText(name: string | undefined): string {
  return name ? name.split('\n').join(', ') : '';
}

/** The name of a certificate: those of workloads have no subject, but a URI. */
export function certificateName({
  subject, uris, dnsNames, serialNumber,
}: Pick<Certificate, 'subject' | 'uris' | 'dnsNames' | 'serialNumber'>): string {
  return [subject, ...uris, ...dnsNames].find((name) => name !== '') ?? `serial number ${serialNumber}`;
}

/** `URI:spiffe://…, DNS:"a,b"`: Node quotes values with a comma as JSON strings. */
function namesIn(text: string): readonly (readonly [type: string, value: string])[] {
  return Array.from(text.matchAll(/(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g), ([, type, value]) => [
    type, value.startsWith('"') ? JSON.parse(value) as string : value,
  ]);
}

function keyOf(
  x509: X509Certificate, { issuerName, subjectName }: CertificateFields,
): Pick<Certificate, 'publicKey' | 'keyText' | 'keyFingerprint' | 'isSelfSigned'> {
  const publicKey = publicKeyOf(x509);
  return {
    publicKey,
    keyText: keyText(publicKey),
    keyFingerprint: publicKey ? createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex') : '',
    isSelfSigned: publicKey !== undefined && issuerName.equals(subjectName) && isSignedBy(x509, publicKey),
  };
}

function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

function isSignedBy(x509: X509Certificate, publicKey: KeyObject): boolean {
  try {
    return x509.verify(publicKey);
  } catch { // A signature of another kind of key.
    return false;
  }
}

/** NIST names of curves, as in Istio's documentation. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', secp224r1: 'P-224' };

function keyText(key: KeyObject | undefined): string {
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  switch (key?.asymmetricKeyType) {
    case undefined: return 'unknown';
    case 'ec': return `EC ${CURVES[namedCurve ?? ''] ?? namedCurve}`;
    case 'ed25519': return 'Ed25519';
    default: return `${key!.asymmetricKeyType!.toUpperCase()}${modulusLength === undefined ? '' : ` ${modulusLength}`}`;
  }
}
