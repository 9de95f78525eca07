import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CRL_KEY, FOUR_KEY_FORM, isLeftToIstiod, TLS_FORM } from '../../certificates/ca-secret';
import { readManifests } from '../../manifests/manifests';
import { openProblem, pathProblem, readBytesOf, readTextOfStream, Unreadable } from '../input/read-text';
import { STANDARD_INPUT, STANDARD_INPUT_NAME } from '../input/sources';
import { Terminal } from '../output/terminal';

/** A text that may hold certificates or a key. */
export interface HolderText {
  /** `ca-cert.pem`, `default`; empty if the holder is a single text. */
  readonly name: string;
  /** Latin-1 (one character per byte) or text. */
  readonly text: string;
}

/** Something that holds certificates: a folder, a Secret, a proxy, a text. */
export interface CertificateHolder {
  /**
   * `ca`: the files of istiod's CA, or files meant as such. `proxy`: the
   * secrets of a running proxy. `text`: certificates with an unknown use.
   */
  readonly kind: 'ca' | 'proxy' | 'text';
  /** Its place, as people write it. */
  readonly name: string;
  readonly texts: readonly HolderText[];
  /** The Secret, or the Secret that the files would make. */
  readonly secret?: object;
}

/** The holders at a path, or why it can't be read. */
export type ReadHolders = { readonly holders: readonly CertificateHolder[] } | { readonly problem: Unreadable };

/** Reads a path of the command line. */
export async function holdersAt(path: string, { input }: Pick<Terminal, 'input'>): Promise<ReadHolders> {
  if (path === STANDARD_INPUT) return inText(await readTextOfStream(input(), STANDARD_INPUT_NAME), STANDARD_INPUT_NAME);
  try {
    if (statSync(path).isDirectory()) return inFolder(path);
  } catch (error) {
    return { problem: openProblem(error, path) };
  }
  return inText(readBytesOf(path), path);
}

/** The file names that istiod reads, and usual names of such files. */
const CA_FILES = [...FOUR_KEY_FORM, ...TLS_FORM, CRL_KEY];
const LIKE_CA_FILES = /\.(?:pem|crt|key|cer)$/;

function inFolder(folder: string): ReadHolders {
  const files = readdirSync(folder).filter((name) => CA_FILES.includes(name) || LIKE_CA_FILES.test(name)).sort();
  const texts: HolderText[] = [];
  for (const name of files) {
    const read = readBytesOf(join(folder, name));
    if ('problem' in read) return read;
    texts.push({ name, text: read.text });
  }
  if (texts.length === 0) {
    return {
      problem: {
        ...pathProblem('ADMIT167', folder, 'a folder without PEM files'),
        expected: 'the files of a CA',
        fix: 'name the folder that holds ca-cert.pem, or a file',
      },
    };
  }
  const data = Object.fromEntries(texts.map(({ name, text }) => [name, Buffer.from(text, 'latin1').toString('base64')]));
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts' }, data };
  return { holders: [{ kind: 'ca', name: folder, texts, secret }] };
}

function inText(read: ReturnType<typeof readBytesOf>, name: string): ReadHolders {
  if ('problem' in read) return read;
  const { text } = read;
  const holders = text.startsWith('0') ? [textHolder(text, name)]
    : /^-----BEGIN /m.test(text) ? [textHolder(text, name)]
      : proxyHolders(text, name) ?? manifestHolders(text, name);
  if (holders.length > 0) return { holders };
  return {
    problem: {
      ...pathProblem('ADMIT167', name, 'without any certificate'),
      expected: 'PEM, Secrets or ConfigMaps with PEM, or the output of istioctl proxy-config secret -o json',
      fix: 'check what wrote it',
    },
  };
}

/** PEM with any text around it, such as the output of `openssl s_client -showcerts`; or DER. */
function textHolder(text: string, name: string): CertificateHolder {
  return { kind: 'text', name, texts: [{ name: name === STANDARD_INPUT_NAME ? name : basename(name), text }] };
}

interface DataSource {
  readonly inlineBytes?: unknown;
}

interface TrustDomain {
  readonly name?: unknown;
  readonly trustBundle?: DataSource;
}

interface ProxySecret {
  readonly name?: unknown;
  readonly secret?: {
    readonly tlsCertificate?: { readonly certificateChain?: DataSource };
    readonly validationContext?: {
      readonly trustedCa?: DataSource;
      /** The roots of several trust domains, one entry for each. */
      readonly customValidatorConfig?: { readonly typedConfig?: { readonly trustDomains?: readonly TrustDomain[] } };
    };
  };
}

/** What `istioctl proxy-config secret -o json` prints; undefined for other texts. */
function proxyHolders(text: string, name: string): readonly CertificateHolder[] | undefined {
  if (!/"dynamic(?:Active|Warming)Secrets"/.test(text)) return undefined;
  let dump: { readonly dynamicActiveSecrets?: unknown };
  try {
    dump = JSON.parse(text);
  } catch {
    return undefined;
  }
  const secrets: readonly ProxySecret[] = Array.isArray(dump.dynamicActiveSecrets) ? dump.dynamicActiveSecrets : [];
  const texts = secrets.flatMap(({ name: of, secret: { tlsCertificate, validationContext } = {} }) => {
    const bundles = validationContext?.customValidatorConfig?.typedConfig?.trustDomains ?? [];
    const sources = [tlsCertificate?.certificateChain, validationContext?.trustedCa].map((source) => [String(of), source] as const);
    return [...sources,
      ...bundles.map(({ name: domain, trustBundle }) => [`${String(of)} of ${String(domain)}`, trustBundle] as const)].flatMap(decoded);
  });
  return texts.length > 0 ? [{ kind: 'proxy', name, texts }] : [];
}

function decoded([name, source]: readonly [string, DataSource | undefined]): readonly HolderText[] {
  const bytes = source?.inlineBytes;
  return typeof bytes === 'string' ? [{ name, text: Buffer.from(bytes, 'base64').toString('latin1') }] : [];
}

/** The Secrets and ConfigMaps of manifests that hold certificates. */
function manifestHolders(text: string, name: string): readonly CertificateHolder[] {
  return readManifests(Buffer.from(text, 'latin1').toString('utf8'), name).documents.flatMap(({ object }) => (
    objectHolder(object, name) ?? []));
}

/**
 * A Secret or ConfigMap of manifests, if it holds certificates.
 *
 * @param file the file that contains it
 */
export function objectHolder(object: Readonly<Record<string, unknown>>, file: string): CertificateHolder | undefined {
  const { kind, data, stringData } = object;
  const metadata = object.metadata as { readonly name?: unknown; readonly namespace?: unknown } | undefined;
  if (kind !== 'Secret' && kind !== 'ConfigMap') return undefined;
  const decode = kind === 'Secret'
    ? (value: string): string => Buffer.from(value, 'base64').toString('latin1')
    : (value: string): string => value;
  const texts =
    [...new Map([...textsIn(data, decode), ...textsIn(stringData, (value) => value)])].map(([of, held]) => ({ name: of, text: held }));
  const isLeft = isLeftToIstiod((key) => texts.find(({ name: of }) => of === key)?.text);
  const isCa = kind === 'Secret' && !isLeft
    && (metadata?.name === 'cacerts' || texts.some(({ name: of }) => FOUR_KEY_FORM.slice(0, 2).includes(of)));
  if (!isCa && !texts.some(({ text: held }) => held.includes('-----BEGIN CERTIFICATE-----'))) return undefined;
  const place = [metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string').join('/');
  return { kind: isCa ? 'ca' : 'text', name: `${kind} ${place} in ${file}`, texts, secret: isCa ? object : undefined };
}

function textsIn(values: unknown, decode: (value: string) => string): readonly (readonly [string, string])[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, decode(value)] as const] : []));
}
