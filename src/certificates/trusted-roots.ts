import { certificateText } from './ca-fault';
import { readCertificates } from './ca-files';
import { PathFinder } from './ca-path';
import { publicPemFault } from './ca-pem';
import { CertificateFault } from './ca-secret';
import { Certificate } from './certificate';
import { readPem } from './pem';

/** The public part of a CA: what verifies its certificates. */
export interface PublicCa {
  /** PEM. */
  readonly rootCert: string;
  readonly roots: readonly Certificate[];
  /** The certificate that istiod signs with, if it is known. */
  readonly own?: Certificate;
}

/** What is wrong with a text of roots, which must hold only self-signed certificates of CAs. */
export function rootsFault(field: string, text: unknown): CertificateFault | undefined {
  const fault = publicPemFault(field, text);
  if (fault) return fault;
  const wrong = readCertificates(text as string).certificates.find(({ isSelfSigned, isCa, isVersion1 }) => (
    !isSelfSigned || !(isCa || isVersion1)));
  return wrong && {
    code: 'API057',
    field,
    actual: `${certificateText(wrong)}, which is ${wrong.isSelfSigned ? 'not a CA' : 'not self-signed'}`,
    expected: 'self-signed root certificates of CAs',
    because: 'peers verify certificates up to a root that they trust',
    fix: wrong.isSelfSigned ? 'pass the certificate of the root CA' : 'pass the root above it',
  };
}

/** The roots in a text, with the certificate that istiod signs with if it is known. */
export function publicCa(rootCert: string, own?: Certificate): PublicCa {
  return { rootCert, roots: readCertificates(rootCert).certificates, own };
}

/** Whether two texts hold the same certificates, as istiod compares bundles with ISTIO_MULTIROOT_MESH. */
export function hasSameRoots({ roots: left }: PublicCa, { roots: right }: PublicCa): boolean {
  return holdsAll(left, right) && holdsAll(right, left);
}

function holdsAll(outer: readonly Certificate[], inner: readonly Certificate[]): boolean {
  const known = new Set(outer.map(({ fingerprint }) => fingerprint));
  return inner.every(({ fingerprint }) => known.has(fingerprint));
}

/** The certificates of several texts, each once, in order. */
export function joinedRoots(...texts: readonly string[]): string {
  const blocks = texts.flatMap((text) => readPem(text).blocks);
  const each = new Map(blocks.map((block) => [block.bytes?.toString('base64'), block.text.replace(/\r/g, '')]));
  return [...each.values()].map((text) => `${text}\n`).join('');
}

/** Whether the certificate that istiod signs with chains to one of the roots; true if that certificate isn't known. */
export function leadsToRoots({ own, roots }: PublicCa, chain: readonly Certificate[]): boolean {
  return own === undefined || new PathFinder(chain, roots).paths(own).length > 0;
}
