import { Asn1, BOOLEAN, children, decode, INTEGER, is, isContext, oidOf } from './asn1';

/** Fields of a certificate that `node:crypto` doesn't provide, or not reliably. */
export interface CertificateFields {
  /** The encoded issuer and subject, which are compared to link certificates. */
  readonly issuerName: Buffer;
  readonly subjectName: Buffer;
  /** The object identifier of its signature algorithm. */
  readonly signatureAlgorithm: string;
  /** Go rejects a certificate with a negative serial number. */
  readonly hasNegativeSerial: boolean;
  /** Whether it is an X.509 version 1 certificate, which has no extensions. */
  readonly isVersion1: boolean;
  /** According to its basic constraints, not its key usages. */
  readonly isCa: boolean;
  /** How many CAs may be between it and a certificate that isn't a CA; undefined: any number. */
  readonly pathLength?: number;
  /** Undefined: the key may be used for anything. */
  readonly keyUsages?: readonly KeyUsage[];
  /** Object identifiers of extended key usages; undefined: any purpose. */
  readonly purposes?: readonly string[];
  readonly nameConstraints?: NameConstraints;
}

const KEY_USAGES = [
  'digitalSignature', 'contentCommitment', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly',
  'decipherOnly',
] as const;

/** A key usage, by its name in RFC 5280. */
type KeyUsage = typeof KEY_USAGES[number];

/** A name in name constraints. */
export interface ConstrainedName {
  readonly type: 'URI' | 'DNS';
  /** A host or domain; for a URI, that of its host. */
  readonly value: string;
}

/** The names that certificates below may have; names of other types aren't constrained. */
export interface NameConstraints {
  readonly permitted: readonly ConstrainedName[];
  readonly excluded: readonly ConstrainedName[];
}

const EXTENSIONS = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extendedKeyUsage: '2.5.29.37', nameConstraints: '2.5.29.30' };

/**
 * Reads a certificate's fields.
 *
 * @param der of a certificate that `node:crypto` has read
 * @throws if an extension isn't well-formed
 */
export function certificateFields(der: Buffer): CertificateFields {
  const tbs = children(children(decode(der))[0]);
  const [serial, algorithm, issuer, , subject] = tbs.slice(isContext(tbs[0], 0) ? 1 : 0);
  const written = tbs.find((field) => isContext(field, 3));
  const extensions = new Map(written ? children(children(written)[0]).map(extensionOf) : []);
  const [basic, usage, purposes, constraints] = Object.values(EXTENSIONS).map((id) => extensions.get(id));
  const constraint = basic ? children(decode(basic)) : [];
  return {
    issuerName: Buffer.from(issuer.valueBeforeDecodeView),
    subjectName: Buffer.from(subject.valueBeforeDecodeView),
    signatureAlgorithm: oidOf(children(algorithm)[0]),
    isVersion1: !isContext(tbs[0], 0),
    hasNegativeSerial: serial.valueBlock.valueHexView[0] >= 0x80,
    isCa: constraint.some((field) => is(field, BOOLEAN) && field.valueBlock.valueHexView[0] !== 0),
    pathLength: constraint.find((field) => is(field, INTEGER))?.valueBlock.valueDec,
    keyUsages: usage && keyUsagesIn(decode(usage)),
    purposes: purposes && children(decode(purposes)).map(oidOf),
    nameConstraints: constraints && nameConstraintsIn(decode(constraints)),
  };
}

/** The identifier of an extension, and the bytes of its value; a critical flag may be between them. */
function extensionOf(extension: Asn1): readonly [string, Uint8Array] {
  const [id, ...rest] = children(extension);
  return [oidOf(id), rest[rest.length - 1].valueBlock.valueHexView];
}

function keyUsagesIn({ valueBlock: { valueHexView: bytes } }: Asn1): readonly KeyUsage[] {
  // The first bit is the highest of the first byte.
  return KEY_USAGES.filter((_, bit) => Math.floor((bytes[Math.floor(bit / 8)] ?? 0) / 2 ** (7 - bit % 8)) % 2 === 1);
}

function nameConstraintsIn(constraints: Asn1): NameConstraints {
  const named = (tag: number): readonly ConstrainedName[] => children(constraints).filter((list) => isContext(list, tag))
    .flatMap(children).flatMap((subtree) => constrainedName(children(subtree)[0]));
  return { permitted: named(0), excluded: named(1) };
}

/** Only names of the types that workloads and istiod have: others don't constrain them. */
function constrainedName(name: Asn1): readonly ConstrainedName[] {
  const value = Buffer.from(name.valueBlock.valueHexView).toString('latin1').toLowerCase();
  if (isContext(name, 2)) return [{ type: 'DNS', value }];
  return isContext(name, 6) ? [{ type: 'URI', value }] : [];
}
