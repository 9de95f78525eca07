import { generateKeyPairSync, KeyObject } from 'node:crypto';
import { Random } from './random';
import { certificate, CertificateSpec, CLIENT_AUTH, newKey, revocationList, SERVER_AUTH, TestCertificate, toPem } from '../certificates/x509';

/** The files of a CA as a user may have put them into `cacerts`, and the fault in them. */
export interface RandomCa {
  /** The fault; undefined if valid. */
  readonly broken?: Break;
  /** By the keys of the four-key form. */
  readonly files: Readonly<Record<'ca-cert.pem' | 'ca-key.pem' | 'root-cert.pem' | 'cert-chain.pem', string> & { readonly 'ca-crl.pem'?: string }>;
  /** A workload's certificate, signed as istiod would. */
  readonly leaf: TestCertificate;
}

/** A way to break a CA. */
export interface Break {
  readonly name: string;
  /** The code that reports it. */
  readonly code: string;
  readonly consequence: 'refused' | 'fails' | 'unwise';
  /** Whether verification of a workload's certificate up to a root fails; undefined if the certificates don't decide. */
  readonly isRejected?: boolean;
  /** How many CAs there must be at least, with the root. */
  readonly depth: number;
  /** And at most. */
  readonly most?: number;
  /** Changes the fields of a certificate by index: 0 is the root's. */
  readonly specs?: (specs: CertificateSpec[], last: number) => void;
  /** Changes the texts. */
  readonly files?: (made: MadeCa, random: Random) => Partial<RandomCa['files']>;
}

interface MadeCa {
  /** The root first. */
  readonly chain: readonly TestCertificate[];
  readonly files: RandomCa['files'];
}

const DAY = 86_400_000;
const ago = (days: number): Date => new Date(Date.now() - days * DAY);
const CERT_SIGN = [5, 6];
const LONG_AGO = { notBefore: ago(800), notAfter: ago(10) };
const OTHER_DOMAIN = { permitted: [{ uri: 'other.example' }] };

/** Keys are slow to make, and few are needed. */
const KEYS: readonly KeyObject[] = Array.from({ length: 6 }, newKey);
const WEAK_RSA = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const NOT_OF_GO = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
const OTHER_KEY = newKey();

/** With a single certificate, the root signs as istiod. */
const spec = (change: Partial<CertificateSpec>, index: (last: number) => number) => (specs: CertificateSpec[], last: number) => {
  specs[index(last)] = { ...specs[index(last)], ...change };
};
const own = (last: number): number => last;
const middle = (): number => 1;
const root = (): number => 0;
const joined = (certificates: readonly TestCertificate[]): string => certificates.map(({ pem }) => pem).join('');

export const BREAKS: readonly Break[] = [
  { name: 'own certificate ended', code: 'MTLS702', consequence: 'refused', isRejected: true, depth: 1, specs: spec(LONG_AGO, own) },
  { name: 'intermediate ended', code: 'MTLS702', consequence: 'refused', isRejected: true, depth: 3, specs: spec(LONG_AGO, middle) },
  { name: 'root ended', code: 'MTLS702', consequence: 'refused', isRejected: true, depth: 2, specs: spec(LONG_AGO, root) },
  { name: 'own certificate of the future', code: 'MTLS702', consequence: 'refused', isRejected: true, depth: 2, specs: spec({ notBefore: ago(-5), notAfter: ago(-500) }, own) },
  { name: 'ends soon', code: 'MTLS703', consequence: 'unwise', isRejected: false, depth: 2, specs: spec({ notAfter: ago(-30) }, own) },
  { name: 'leaf to sign with', code: 'MTLS704', consequence: 'refused', isRejected: true, depth: 2, specs: spec({ ca: false, pathLength: undefined, keyUsage: [0] }, own) },
  { name: 'no basic constraints', code: 'MTLS704', consequence: 'refused', isRejected: true, depth: 2, specs: spec({ ca: undefined, pathLength: undefined }, own) },
  { name: 'intermediate that is no CA', code: 'MTLS704', consequence: 'refused', isRejected: true, depth: 3, specs: spec({ ca: false, pathLength: undefined }, middle) },
  { name: 'no keyCertSign', code: 'MTLS705', consequence: 'fails', isRejected: true, depth: 2, specs: spec({ keyUsage: [0, 6] }, own) },
  { name: 'no keyCertSign above', code: 'MTLS705', consequence: 'refused', isRejected: true, depth: 3, specs: spec({ keyUsage: [0, 6] }, middle) },
  { name: 'path length of the root', code: 'MTLS705', consequence: 'fails', isRejected: true, depth: 2, specs: (specs, last) => spec({ pathLength: last - 1 }, root)(specs, last) },
  { name: 'path length of the root, too short by two', code: 'MTLS705', consequence: 'refused', isRejected: true, depth: 3, specs: (specs, last) => spec({ pathLength: last - 2 }, root)(specs, last) },
  { name: 'purposes of clients', code: 'MTLS710', consequence: 'refused', isRejected: true, depth: 2, specs: spec({ extendedKeyUsage: [CLIENT_AUTH] }, own) },
  { name: 'purposes of servers', code: 'MTLS710', consequence: 'fails', isRejected: true, depth: 2, specs: spec({ extendedKeyUsage: [SERVER_AUTH] }, own) },
  { name: 'purposes of servers above', code: 'MTLS710', consequence: 'fails', isRejected: true, depth: 3, specs: spec({ extendedKeyUsage: [SERVER_AUTH] }, middle) },
  { name: 'another trust domain permitted', code: 'MTLS711', consequence: 'fails', isRejected: true, depth: 2, specs: spec({ nameConstraints: OTHER_DOMAIN }, own) },
  { name: 'trust domain excluded', code: 'MTLS711', consequence: 'fails', isRejected: true, depth: 3, specs: spec({ nameConstraints: { excluded: [{ uri: 'cluster.local' }] } }, middle) },
  { name: 'signed with SHA-1', code: 'MTLS712', consequence: 'refused', depth: 2, specs: spec({ hash: 'sha1' }, own) },
  { name: 'RSA of 1024 bits', code: 'MTLS712', consequence: 'unwise', depth: 2, specs: spec({ privateKey: WEAK_RSA }, own) },
  { name: 'a curve that Go doesn\'t know', code: 'MTLS712', consequence: 'refused', depth: 2, specs: spec({ privateKey: NOT_OF_GO }, own) },
  { name: 'another private key', code: 'MTLS701', consequence: 'refused', isRejected: false, depth: 1, files: () => ({ 'ca-key.pem': OTHER_KEY.export({ type: 'pkcs8', format: 'pem' }) as string }) },
  { name: 'certificate and root swapped', code: 'MTLS701', consequence: 'refused', depth: 2, files: ({ files }) => ({ 'ca-cert.pem': files['root-cert.pem'], 'root-cert.pem': files['ca-cert.pem'] }) },
  {
    name: 'an encrypted key',
    code: 'MTLS713',
    consequence: 'refused',
    isRejected: false,
    depth: 1,
    files: ({ chain }) => ({ 'ca-key.pem': chain[chain.length - 1].privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string }),
  },
  { name: 'another root', code: 'MTLS706', consequence: 'refused', isRejected: true, depth: 2, files: () => ({ 'root-cert.pem': certificate({ commonName: 'stranger', ca: true, keyUsage: CERT_SIGN, privateKey: OTHER_KEY }).pem }) },
  { name: 'a root of the same name', code: 'MTLS706', consequence: 'refused', isRejected: true, depth: 2, files: () => ({ 'root-cert.pem': certificate({ commonName: 'ca 0', ca: true, keyUsage: CERT_SIGN, privateKey: OTHER_KEY }).pem }) },
  { name: 'no intermediate in the chain', code: 'MTLS706', consequence: 'refused', isRejected: true, depth: 3, files: ({ chain }) => ({ 'cert-chain.pem': chain[chain.length - 1].pem + chain[0].pem }) },
  { name: 'an empty chain', code: 'MTLS707', consequence: 'fails', isRejected: true, depth: 2, most: 2, files: () => ({ 'cert-chain.pem': '' }) },
  { name: 'a chain without the own certificate', code: 'MTLS707', consequence: 'fails', isRejected: true, depth: 2, files: ({ chain }) => ({ 'cert-chain.pem': joined([...chain.slice(0, -1)].reverse()) }) },
  { name: 'a reversed chain', code: 'MTLS708', consequence: 'unwise', isRejected: false, depth: 2, files: ({ chain }) => ({ 'cert-chain.pem': joined(chain) }) },
  { name: 'a certificate twice', code: 'MTLS708', consequence: 'unwise', isRejected: false, depth: 2, files: ({ chain, files }) => ({ 'cert-chain.pem': chain[chain.length - 1].pem + files['cert-chain.pem'] }) },
  { name: 'an intermediate for a root', code: 'MTLS709', consequence: 'unwise', isRejected: true, depth: 3, files: ({ chain }) => ({ 'root-cert.pem': chain[1].pem }) },
  { name: 'DER', code: 'MTLS713', consequence: 'refused', depth: 2, files: ({ files }) => ({ 'ca-cert.pem': der(files['ca-cert.pem']) }) },
  { name: 'an empty root', code: 'MTLS713', consequence: 'refused', isRejected: true, depth: 2, files: () => ({ 'root-cert.pem': '' }) },
  { name: 'a mark before the first line', code: 'MTLS713', consequence: 'refused', depth: 2, files: ({ files }) => ({ 'ca-cert.pem': `\ufeff${files['ca-cert.pem']}` }) },
  { name: 'text around the root', code: 'MTLS713', consequence: 'unwise', isRejected: false, depth: 2, files: ({ files }) => ({ 'root-cert.pem': `Certificate:\n    Data:\n${files['root-cert.pem']}` }) },
  { name: 'line ends of Windows', code: 'MTLS713', consequence: 'unwise', isRejected: false, depth: 2, files: ({ files }) => ({ 'root-cert.pem': files['root-cert.pem'].replace(/\n/g, '\r\n') }) },
  { name: 'an unreadable root beside', code: 'MTLS713', consequence: 'fails', depth: 2, files: ({ files }) => ({ 'root-cert.pem': files['root-cert.pem'] + toPem('CERTIFICATE', Buffer.alloc(300, 1)) }) },
  { name: 'no certificate in the chain', code: 'MTLS713', consequence: 'refused', depth: 2, files: () => ({ 'cert-chain.pem': 'see the wiki\n' }) },
  { name: 'no revocation list', code: 'MTLS714', consequence: 'refused', depth: 1, files: () => ({ 'ca-crl.pem': 'see the wiki\n' }) },
  { name: 'no list of the own certificate', code: 'MTLS714', consequence: 'refused', isRejected: true, depth: 2, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain.slice(0, -1)) }) },
  {
    name: 'no list of a root outside of the chain',
    code: 'MTLS714',
    consequence: 'fails',
    isRejected: true,
    depth: 2,
    files: ({ chain }) => ({ 'cert-chain.pem': joined([...chain.slice(1)].reverse()), 'ca-crl.pem': lists(chain.slice(1)) }),
  },
  { name: 'no cRLSign', code: 'MTLS714', consequence: 'refused', isRejected: true, depth: 2, specs: spec({ keyUsage: [5] }, own), files: ({ chain }) => ({ 'ca-crl.pem': lists(chain) }) },
  { name: 'a certificate among lists', code: 'MTLS714', consequence: 'refused', depth: 1, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain) + chain[0].pem }) },
  { name: 'lists of another label', code: 'MTLS714', consequence: 'fails', isRejected: true, depth: 1, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain).replace(/X509 CRL/g, 'CRL') }) },
  { name: 'lists beside a chain with a key', code: 'MTLS714', consequence: 'refused', depth: 2, files: ({ chain, files }) => ({ 'ca-crl.pem': lists(chain), 'cert-chain.pem': files['cert-chain.pem'] + OTHER_KEY.export({ type: 'pkcs8', format: 'pem' }) as string }) },
  { name: 'lists beside an intermediate for a root', code: 'MTLS714', consequence: 'fails', isRejected: true, depth: 3, files: ({ chain }) => ({ 'root-cert.pem': chain[1].pem, 'ca-crl.pem': lists(chain) }) },
  { name: 'a list that has ended', code: 'MTLS715', consequence: 'fails', isRejected: true, depth: 2, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain.slice(0, -1)) + revocationList({ issuer: chain[chain.length - 1], thisUpdate: ago(9), nextUpdate: ago(2) }) }) },
  { name: 'a list of the future', code: 'MTLS715', consequence: 'fails', isRejected: true, depth: 1, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain.slice(1)) + revocationList({ issuer: chain[0], thisUpdate: ago(-2), nextUpdate: ago(-9) }) }) },
  { name: 'own certificate revoked', code: 'MTLS716', consequence: 'fails', isRejected: true, depth: 2, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain.filter((_, index) => index !== chain.length - 2)) + revocationList({ issuer: chain[chain.length - 2], revoked: [chain[chain.length - 1]] }) }) },
  { name: 'intermediate revoked', code: 'MTLS716', consequence: 'fails', isRejected: true, depth: 3, files: ({ chain }) => ({ 'ca-crl.pem': lists(chain.slice(1)) + revocationList({ issuer: chain[0], revoked: [chain[1]] }) }) },
];

/** An empty revocation list of each CA. */
function lists(chain: readonly TestCertificate[]): string {
  return chain.map((issuer) => revocationList({ issuer })).join('');
}

function der(pem: string): string {
  return Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ''), 'base64').toString('latin1');
}

/** How many of them aren't broken, for each that is broken in each way. */
const SOUND = 6;

/** CAs with each fault in turn, and some without. */
export function randomCas(count: number, random: Random): readonly RandomCa[] {
  return Array.from({ length: count }, (_, index) => randomCa(random, BREAKS[index % (BREAKS.length + SOUND)]));
}

/** A CA of one to four certificates. */
function randomCa(random: Random, broken: Break | undefined): RandomCa {
  const count = Math.min(broken?.most ?? 4, Math.max(broken?.depth ?? 1, 1 + random.below(4)));
  const last = count - 1;
  const specs = Array.from({ length: count }, (_, index): CertificateSpec => ({
    commonName: `ca ${index}`,
    ca: true,
    keyUsage: random.below(5) > 0 ? CERT_SIGN : undefined,
    pathLength: random.below(2) === 0 ? last - index + random.below(2) : undefined,
    extendedKeyUsage: random.below(10) === 0 ? [SERVER_AUTH, CLIENT_AUTH] : undefined,
    notAfter: ago(-200 - random.below(3000)),
    privateKey: KEYS[index],
  }));
  broken?.specs?.(specs, last);
  const chain: TestCertificate[] = [];
  for (const one of specs) chain.push(certificate({ ...one, issuer: chain[chain.length - 1] }));
  const signing = chain[last];
  const keyType = random.of(['pkcs8', signing.privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1'] as const);
  const files = {
    'ca-cert.pem': signing.pem,
    'ca-key.pem': signing.privateKey.export({ type: keyType, format: 'pem' } as never) as string,
    'root-cert.pem': chain[0].pem,
    'cert-chain.pem': joined([...chain].reverse().slice(0, random.below(2) === 0 ? count : Math.max(1, count - 1))),
    ...random.below(4) === 0 && { 'ca-crl.pem': lists(chain) },
  };
  return {
    broken,
    files: { ...files, ...broken?.files?.({ chain, files }, random) },
    leaf: certificate({
      commonName: '',
      issuer: signing,
      privateKey: KEYS[5],
      ca: false,
      keyUsage: [0, 2],
      extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH],
      names: [{ uri: 'spiffe://cluster.local/ns/shop/sa/web' }],
      notAfter: ago(-1),
    }),
  };
}
