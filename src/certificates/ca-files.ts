import { KeyObject } from 'node:crypto';
import { CRL_KEY, FOUR_KEY_FORM, TLS_FORM } from './ca-secret';
import { Certificate, certificateOf } from './certificate';
import { LONGEST_PEM, Pem, PemBlock, readPem } from './pem';
import { privateKeyIn } from './private-key';

/** The purpose of a CA's file: signing certificate, its private key, trusted roots, chain that workloads send, or revocation lists. */
export type CaRole = NeededRole | 'crl';

/** The files without which istiod doesn't start. */
type NeededRole = 'signing' | 'key' | 'root' | 'chain';

/** The roles of files with certificates. */
export const CERTIFICATE_ROLES = ['signing', 'chain', 'root'] as const;

/** A complete CA as istiod reads it, from a Secret or a folder. */
export interface CaFiles {
  /** The file of each role; with the keys of a TLS Secret, one file has two roles. */
  readonly names: Readonly<Record<CaRole, string>>;
  /** Text, or one character for each byte. */
  readonly texts: Readonly<Record<NeededRole, string>>;
  /** The revocation lists, which istiod reads only with the four-key form. */
  readonly crl?: string;
}

/**
 * The files of a CA by the keys that istiod reads.
 *
 * @returns undefined if a file is missing, because only a complete CA can be judged
 */
export function caFilesOf(values: ReadonlyMap<string, string>): CaFiles | undefined {
  const [signing, key, root, chain = signing] = values.has(TLS_FORM[0]) ? TLS_FORM : FOUR_KEY_FORM;
  const needed = [signing, key, root, chain];
  if (!needed.every((name) => values.has(name))) return undefined;
  const [signingText, keyText, rootText, chainText] = needed.map((name) => values.get(name)!);
  const isTls = chain === signing;
  return {
    names: { signing, key, root, chain, crl: CRL_KEY },
    // istiod concatenates two files of a TLS Secret to the chain.
    texts: { signing: signingText, key: keyText, root: rootText, chain: isTls ? signingText + rootText : chainText },
    crl: isTls ? undefined : values.get(CRL_KEY),
  };
}

/** A file with certificates, read. */
export interface CertificateFile extends Pem {
  readonly text: string;
  /** Its readable certificates, in order. */
  readonly certificates: readonly Certificate[];
  /** Whether it has blocks that aren't readable certificates. */
  readonly hasUnreadable: boolean;
}

/** A CA, read. */
export interface ReadCa {
  readonly files: CaFiles;
  readonly signing: CertificateFile;
  readonly chain: CertificateFile;
  readonly root: CertificateFile;
  /** The private key in the first block of the key's file; never shown. */
  readonly key?: KeyObject;
  /** The certificate that istiod signs with: the first block. */
  readonly own?: Certificate;
}

/** Reads a CA; undefined if a file is larger than a Secret can be. */
export function readCa(files: CaFiles): ReadCa | undefined {
  if (longestRole(files) !== undefined) return undefined;
  const [signing, chain, root] = CERTIFICATE_ROLES.map((role) => readCertificates(files.texts[role]));
  const [first] = signing.blocks;
  return { files, signing, chain, root, key: privateKeyIn(files.texts.key), own: first && certificateOf(first) };
}

/** The first file that is larger than a Secret can be. */
export function longestRole({ texts, crl = '' }: CaFiles): CaRole | undefined {
  return (Object.entries({ ...texts, crl }) as [CaRole, string][]).find(([, text]) => text.length > LONGEST_PEM)?.[0];
}

/** The certificates in a text. */
export function readCertificates(text: string): CertificateFile {
  const pem = readPem(text);
  const known = new Map<string, Certificate | undefined>();
  const read = (block: PemBlock): Certificate | undefined => {
    if (!known.has(block.text)) known.set(block.text, certificateOf(block));
    return known.get(block.text);
  };
  const certificates = pem.blocks.flatMap((block) => read(block) ?? []);
  return { ...pem, text, certificates, hasUnreadable: certificates.length < pem.blocks.length };
}
