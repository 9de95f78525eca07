import { KeyObject } from 'node:crypto';
import { CRL_KEY, FOUR_KEY_FORM, TLS_FORM } from './ca-secret';
import { Certificate, certificateOf } from './certificate';
import { LONGEST_PEM, Pem, PemBlock, readPem } from './pem';
import { privateKeyIn } from './private-key';

/** What a file of a CA is for: to sign with, its private key, what proxies trust, what they send after their own certificate, what is revoked. */
export type CaRole = NeededRole | 'crl';

/** What istiod doesn't start without. */
type NeededRole = 'signing' | 'key' | 'root' | 'chain';

/** The roles of files with certificates. */
export const CERTIFICATE_ROLES = ['signing', 'chain', 'root'] as const;

/** A whole CA as istiod reads it, from a Secret or a folder. */
export interface CaFiles {
  /** The name of the file that has a role; with the keys of a TLS Secret one file has two. */
  readonly names: Readonly<Record<CaRole, string>>;
  /** One character a byte, or text. */
  readonly texts: Readonly<Record<NeededRole, string>>;
  /** The revocation lists, which istiod reads with the four-key form only. */
  readonly crl?: string;
}

/**
 * The files of a CA by the names that istiod reads.
 *
 * @returns undefined if a file is missing: then there is nothing whole to judge
 */
export function caFilesOf(values: ReadonlyMap<string, string>): CaFiles | undefined {
  const [signing, key, root, chain = signing] = values.has(TLS_FORM[0]) ? TLS_FORM : FOUR_KEY_FORM;
  const needed = [signing, key, root, chain];
  if (!needed.every((name) => values.has(name))) return undefined;
  const [signingText, keyText, rootText, chainText] = needed.map((name) => values.get(name)!);
  const isTls = chain === signing;
  return {
    names: { signing, key, root, chain, crl: CRL_KEY },
    // Of a TLS Secret istiod makes the chain of two files, byte after byte.
    texts: { signing: signingText, key: keyText, root: rootText, chain: isTls ? signingText + rootText : chainText },
    crl: isTls ? undefined : values.get(CRL_KEY),
  };
}

/** A file with certificates, read. */
export interface CertificateFile extends Pem {
  readonly text: string;
  /** Those of its certificates that can be read, in order. */
  readonly certificates: readonly Certificate[];
  /** Whether there are blocks that are no readable certificate. */
  readonly hasUnreadable: boolean;
}

/** A CA, read. */
export interface ReadCa {
  readonly files: CaFiles;
  readonly signing: CertificateFile;
  readonly chain: CertificateFile;
  readonly root: CertificateFile;
  /** What the first block of the key's file is; never shown. */
  readonly key?: KeyObject;
  /** The certificate that istiod signs with: the first block. */
  readonly own?: Certificate;
}

/** Reads a CA; undefined if a file is longer than a Secret can be. */
export function readCa(files: CaFiles): ReadCa | undefined {
  if (longestRole(files) !== undefined) return undefined;
  const [signing, chain, root] = CERTIFICATE_ROLES.map((role) => readCertificates(files.texts[role]));
  const [first] = signing.blocks;
  return { files, signing, chain, root, key: privateKeyIn(files.texts.key), own: first && certificateOf(first) };
}

/** The first file that is longer than a Secret can be. */
export function longestRole({ texts, crl = '' }: CaFiles): CaRole | undefined {
  return (Object.entries({ ...texts, crl }) as [CaRole, string][]).find(([, text]) => text.length > LONGEST_PEM)?.[0];
}

/** The certificates of a text. */
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
