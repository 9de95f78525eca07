import { late } from '../modules/late';

/** An ASN.1 value, as far as certificates and revocation lists need it. */
export interface Asn1 {
  readonly idBlock: { readonly tagClass: number; readonly tagNumber: number };
  readonly valueBlock: { readonly value?: readonly Asn1[]; readonly valueHexView: Uint8Array; readonly valueDec?: number };
  /** Its complete encoding. */
  readonly valueBeforeDecodeView: Uint8Array;
}

/** Tag classes and numbers of X.690. */
const [UNIVERSAL, CONTEXT] = [1, 3];
export const [BOOLEAN, INTEGER, SEQUENCE, UTC_TIME, GENERALIZED_TIME] = [1, 2, 16, 23, 24];

/** @throws if the bytes aren't ASN.1, or hold more than that */
export function decode(der: Uint8Array): Asn1 {
  // Loaded on demand, because few runs read certificates.
  const { fromBER } = late<typeof import('asn1js')>(() => require('asn1js'));
  const { offset, result } = fromBER(der);
  if (offset < 0) throw new Error('no ASN.1');
  return result as unknown as Asn1;
}

export function children({ valueBlock: { value } }: Asn1): readonly Asn1[] {
  if (!value) throw new Error('no sequence');
  return value;
}

export function is({ idBlock: { tagClass, tagNumber } }: Asn1, tag: number): boolean {
  return tagClass === UNIVERSAL && tagNumber === tag;
}

export function isContext({ idBlock: { tagClass, tagNumber } }: Asn1, tag: number): boolean {
  return tagClass === CONTEXT && tagNumber === tag;
}

export function oidOf({ valueBlock }: Asn1): string {
  return String(valueBlock);
}
