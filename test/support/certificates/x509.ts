/* eslint-disable no-bitwise -- DER counts in bits */
import { createHash, createPublicKey, generateKeyPairSync, KeyObject, sign, X509Certificate } from 'node:crypto';

/** The fields of a test certificate; node:crypto reads certificates but can't create them. */
export interface CertificateSpec {
  /** `O=…` sets the organization, as in istiod's own root. */
  readonly commonName: string;
  /** The signer; self-signed by default. */
  readonly issuer?: TestCertificate;
  /** A new P-256 key unless given. */
  readonly privateKey?: KeyObject;
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** Bits of the KeyUsage extension, from its first: 5 is keyCertSign, 6 is cRLSign. None: no extension. */
  readonly keyUsage?: readonly number[];
  /** Object identifiers of the ExtendedKeyUsage extension. None: no extension. */
  readonly extendedKeyUsage?: readonly string[];
  /** Subtrees of the NameConstraints extension. None: no extension. */
  readonly nameConstraints?: { readonly permitted?: readonly TestName[]; readonly excluded?: readonly TestName[] };
  /** Names of the SubjectAltName extension. None: no extension. */
  readonly names?: readonly TestName[];
  /** The hash of the signature; SHA-256 by default. */
  readonly hash?: 'sha1' | 'sha256';
  readonly notBefore?: Date;
  readonly notAfter?: Date | string;
}

/** A name of a certificate, or one that constraints speak of. */
type TestName = { readonly uri: string } | { readonly dns: string };

export interface TestCertificate {
  readonly commonName: string;
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** The private key as PKCS #8 PEM. */
  readonly keyPem: string;
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const DAY = 86_400_000;

export function certificate(spec: CertificateSpec): TestCertificate {
  const { commonName, issuer, hash = 'sha256', notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + 365 * DAY) } = spec;
  const privateKey = spec.privateKey ?? newKey();
  const signer = issuer?.privateKey ?? privateKey;
  const algorithm = signatureAlgorithm(signer, hash);
  const tbs = sequence(
    tlv(0xa0, integer(Buffer.from([2]))), // version 3
    integer(createHash('sha256').update(`${commonName} ${Math.random()}`).digest().subarray(0, 16)),
    algorithm,
    name(issuer?.commonName ?? commonName),
    sequence(time(notBefore), time(notAfter)),
    name(commonName),
    spki(privateKey),
    tlv(0xa3, sequence(...extensions(spec, privateKey, signer))),
  );
  const der = sequence(tbs, algorithm, bitString(sign(hash, tbs, signer)));
  return { commonName, pem: toPem('CERTIFICATE', der), privateKey, keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

/** The fields of a test revocation list. */
export interface RevocationSpec {
  readonly issuer: TestCertificate;
  readonly revoked?: readonly TestCertificate[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
}

/** A revocation list as PEM. */
export function revocationList(spec: RevocationSpec): string {
  const { issuer, revoked = [], thisUpdate = new Date(Date.now() - DAY), nextUpdate = new Date(Date.now() + 30 * DAY) } = spec;
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const entries = revoked.map(({ pem }) => sequence(integer(serialOf(pem)), time(thisUpdate)));
  const tbs = sequence(
    integer(Buffer.from([1])), algorithm, name(issuer.commonName), time(thisUpdate), time(nextUpdate),
    ...entries.length > 0 ? [sequence(...entries)] : [],
    tlv(0xa0, sequence(extension('2.5.29.35', false, sequence(tlv(0x80, keyId(issuer.privateKey)))), extension('2.5.29.20', false, integer(Buffer.from([1]))))),
  );
  return toPem('X509 CRL', sequence(tbs, algorithm, bitString(sign('sha256', tbs, issuer.privateKey))));
}

function serialOf(pem: string): Buffer {
  return Buffer.from(new X509Certificate(pem).serialNumber, 'hex');
}

function signatureAlgorithm(signer: KeyObject, hash: 'sha1' | 'sha256' = 'sha256'): Buffer {
  const [rsa, ecdsa] = hash === 'sha1' ? ['1.2.840.113549.1.1.5', '1.2.840.10045.4.1'] : ['1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2'];
  return signer.asymmetricKeyType === 'rsa' ? sequence(oid(rsa), tlv(0x05)) : sequence(oid(ecdsa));
}

export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

export function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function extensions(spec: CertificateSpec, subject: KeyObject, signer: KeyObject): Buffer[] {
  const { ca, pathLength, keyUsage, extendedKeyUsage, nameConstraints, names } = spec;
  const constraints = [...ca ? [tlv(0x01, Buffer.from([0xff]))] : [], ...pathLength === undefined ? [] : [integer(Buffer.from([pathLength]))]];
  return [
    ...ca === undefined ? [] : [extension('2.5.29.19', true, sequence(...constraints))],
    ...keyUsage ? [extension('2.5.29.15', true, tlv(0x03, Buffer.from([0, keyUsage.reduce((bits, bit) => bits | (0x80 >> bit), 0)])))] : [],
    ...extendedKeyUsage ? [extension('2.5.29.37', false, sequence(...extendedKeyUsage.map(oid)))] : [],
    ...nameConstraints ? [extension('2.5.29.30', true, sequence(
      ...subtrees(0xa0, nameConstraints.permitted), ...subtrees(0xa1, nameConstraints.excluded),
    ))] : [],
    ...names ? [extension('2.5.29.17', false, sequence(...names.map(generalName)))] : [],
    extension('2.5.29.14', false, tlv(0x04, keyId(subject))),
    extension('2.5.29.35', false, sequence(tlv(0x80, keyId(signer)))),
  ];
}

function subtrees(tag: number, names: readonly TestName[] | undefined): Buffer[] {
  return names ? [tlv(tag, ...names.map((one) => sequence(generalName(one))))] : [];
}

function generalName(one: TestName): Buffer {
  return 'uri' in one ? tlv(0x86, Buffer.from(one.uri)) : tlv(0x82, Buffer.from(one.dns));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...critical ? [tlv(0x01, Buffer.from([0xff]))] : [], tlv(0x04, value));
}

function spki(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
}

function keyId(privateKey: KeyObject): Buffer {
  return createHash('sha1').update(spki(privateKey)).digest();
}

// ------------------------------------------------------------------------------------------------- DER
function tlv(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return tlv(0x30, ...contents);
}

/** A positive one: a first bit of 1 would make it negative, and zeros that could be left out make it invalid. */
export function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(start < 0 ? bytes.length - 1 : start);
  return tlv(0x02, short[0] & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

function bitString(bytes: Buffer): Buffer {
  return tlv(0x03, Buffer.from([0]), bytes);
}

function name(text: string): Buffer {
  const [, organization] = /^O=(.*)$/.exec(text) ?? [];
  const [type, value] = organization === undefined ? ['2.5.4.3', text] : ['2.5.4.10', organization];
  return text === '' ? sequence() : sequence(tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value)))));
}

/** @param date a text is written as it is, be it a time or not */
function time(date: Date | string): Buffer {
  if (typeof date === 'string') return tlv(0x17, Buffer.from(date));
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}

function oid(id: string): Buffer {
  const [first, second, ...others] = id.split('.').map(Number);
  return tlv(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
