import { CaFault, certificateText, fault, momentText, shortName } from './ca-fault';
import { CaFiles, CaRole, ReadCa, readCa } from './ca-files';
import { CertificatePath, PathFinder } from './ca-path';
import { Certificate } from './certificate';
import { PathContext, pathFaults, periodFault } from './path-checks';
import { isKeyOf } from './private-key';
import { revocationFaults } from './revocation-checks';
import { textFaults, tooLong } from './text-checks';

/** What a CA is checked against. */
export interface CaContext extends Omit<PathContext, 'roleOf'> {
  /** How many days after `now` certificates should still be valid. */
  readonly horizonDays: number;
  /** Whether the certificates are renewed automatically. */
  readonly isRenewed?: boolean;
}

/** The default horizon. */
export const HORIZON_DAYS = 90;

const DAY = 86_400_000;

/** What each check verifies. */
export const CA_CHECKS: Readonly<Record<string, string>> = {
  MTLS701: 'the private key belongs to the signing certificate',
  MTLS702: 'every certificate is valid now',
  MTLS703: 'no certificate expires soon',
  MTLS704: 'every signer is a CA',
  MTLS705: 'key usages and path lengths allow each CA to sign what it must',
  MTLS706: 'the signing certificate chains to a root',
  MTLS707: 'the chain that workloads send contains the signing certificate',
  MTLS708: 'the chain is in order',
  MTLS709: 'the roots are self-signed',
  MTLS710: 'extended key usages allow servers and clients',
  MTLS711: 'name constraints allow the names of workloads and istiod',
  MTLS712: 'keys and signatures are strong enough',
  MTLS713: 'the files contain only PEM',
  MTLS714: 'revocation lists, if any, cover every CA',
  MTLS715: 'every revocation list is valid now',
  MTLS716: 'no CA is revoked',
};

/** The checks that need a path to a root. */
export const CHECKS_OF_THE_WAY: readonly string[] = ['MTLS702', 'MTLS703', 'MTLS704', 'MTLS705', 'MTLS710', 'MTLS711', 'MTLS712',
  'MTLS715', 'MTLS716'];

/** A CA with the path from its certificate to a root. */
interface JudgedCa {
  readonly ca: ReadCa;
  readonly context: CaContext;
  readonly finder: PathFinder;
  /** From the certificate that istiod signs with to a root; undefined if there is none. */
  readonly path?: CertificatePath;
  readonly ofPath: readonly CaFault[];
}

/** The faults of a CA's certificates and key, ordered by code, each with its consequence. */
export function judgeCa(files: CaFiles, context: CaContext): readonly CaFault[] {
  const ca = readCa(files);
  return ca ? faultsOf(ca, context) : [tooLong(files)];
}

function faultsOf(ca: ReadCa, context: CaContext): readonly CaFault[] {
  const judged = judge(ca, context);
  return CHECKS.flatMap((check) => [...check(judged)])
    .sort((left, right) => Number(left.code > right.code) - Number(left.code < right.code));
}

const CHECKS: readonly ((judged: JudgedCa) => Iterable<CaFault>)[] = [
  ({ ofPath }) => ofPath, // MTLS702, MTLS704, MTLS705, MTLS710, MTLS711, MTLS712
  ofKey, endedElsewhere, endingSoon, withoutRoot, chainWithoutOwn, order, roots, weakKeys,
  ({ ca }) => textFaults(ca),
  ({ ca, path, context: { now } }) => revocationFaults(ca, path, now),
];

/** Judges the best path: of several paths to a root, istiod and proxies find one that works. */
function judge(ca: ReadCa, context: CaContext): JudgedCa {
  const finder = new PathFinder(ca.chain.certificates, ca.root.certificates);
  const roleOf = (certificate: Certificate): CaRole =>
    (certificate === ca.own ? 'signing'
      : finder.isTrusted(certificate) ? 'root'
        : ca.files.names.chain === ca.files.names.signing ? 'signing'
          : 'chain');
  const ways = (ca.own ? finder.paths(ca.own) : []).map((path) => ({ path, ofPath: pathFaults(path, { ...context, roleOf }) }));
  const weight = ({ ofPath }: { readonly ofPath: readonly CaFault[] }): number =>
    ofPath.reduce((sum, { consequence }) => sum + (consequence === 'refused' ? 1000 : 1), 0);
  const [best] = ways.sort((left, right) => weight(left) - weight(right));
  return { ca, context, finder, path: best?.path, ofPath: best?.ofPath ?? [] };
}

function* ofKey({ ca: { own, key, root, chain, files } }: JudgedCa): Generator<CaFault> {
  if (!key || !own || isKeyOf(key, own)) return;
  const owner = [...root.certificates, ...chain.certificates].find((other) => isKeyOf(key, other));
  yield fault('MTLS701', 'key', 'refused', {
    actual: `the private key of ${owner ? certificateText(owner) : 'another certificate'}`,
    expected: `that of ${certificateText(own)}, the first certificate in ${files.names.signing}`,
    why: 'they must be a key pair',
    fix: owner ? `put ${certificateText(owner)} into ${files.names.signing} if istiod should sign with it, `
      + `otherwise the private key of ${certificateText(own)} here`
      : `put the private key of the certificate in ${files.names.signing} here`,
  });
}

/** Certificates that aren't on the path to the root, each once per file. */
function others({ ca, path = [] }: JudgedCa): readonly (readonly [CaRole, Certificate])[] {
  const onPath = new Set(path.map(({ fingerprint }) => fingerprint));
  return (['chain', 'root'] as const).flatMap((role) => {
    const certificates = new Map(ca[role].certificates.map((one) => [one.fingerprint, one]));
    return [...certificates.values()].filter(({ fingerprint }) => !onPath.has(fingerprint)).map((one) => [role, one] as const);
  });
}

function* endedElsewhere(judged: JudgedCa): Generator<CaFault> {
  const { ca: { chain: { certificates: [first] }, files }, context: { now } } = judged;
  if (!now || files.names.chain === files.names.signing) return;
  for (const [role, certificate] of others(judged)) {
    const period = periodFault(certificate, now);
    if (!period) continue;
    const isFirst = role === 'chain' && certificate === first && now > certificate.notAfter;
    yield fault('MTLS702', role, isFirst ? 'refused' : 'unwise', {
      ...period,
      why: isFirst
        ? 'the first certificate of the chain limits how long it may sign'
        : 'no other certificate needs it, but metrics and scanners report it',
      fix: `remove ${certificateText(certificate)}`,
    });
  }
}

function* endingSoon({ path = [], ca: { own }, finder, context: { now, horizonDays, isRenewed } }: JudgedCa): Generator<CaFault> {
  if (!now || isRenewed) return;
  for (const certificate of path) {
    const days = Math.floor((certificate.notAfter.getTime() - now.getTime()) / DAY);
    if (now > certificate.notAfter || now < certificate.notBefore || days >= horizonDays) continue;
    yield fault('MTLS703', certificate === own ? 'signing' : finder.isTrusted(certificate) ? 'root' : 'chain', 'unwise', {
      actual: `${certificateText(certificate)}, which expires at ${momentText(certificate.notAfter)}, `
        + `in ${days} day${days === 1 ? '' : 's'}`,
      expected: `certificates valid for at least ${horizonDays} more days`,
      why: finder.isTrusted(certificate)
        ? 'replacing a root everywhere takes weeks, and every certificate below it expires with it'
        : 'it signs no certificate that outlives its own, and none after it expires',
      fix: finder.isTrusted(certificate) ? 'start replacing the root' : 'renew it',
    });
  }
}

function* withoutRoot({ ca: { own, root, files }, finder, path }: JudgedCa): Generator<CaFault> {
  if (!own || path || root.certificates.length === 0) return;
  const { last, hasNamesake } = finder.deadEnd(own);
  const issuer = shortName(last.issuer);
  yield fault('MTLS706', last === own ? 'signing' : 'chain', 'refused', {
    actual: last.isSelfSigned ? `below ${certificateText(last)}, a root that ${files.names.root} doesn't hold`
      : hasNamesake ? `${certificateText(last)}, which the certificate named ${issuer} didn't sign: its key is different`
        : `${certificateText(last)}, whose issuer ${issuer} is missing`,
    expected: `a chain of signatures from ${files.names.signing} to ${files.names.root} through ${files.names.chain}`,
    why: 'it verifies its certificate up to a root at startup',
    fix: last.isSelfSigned ? `put ${certificateText(last)} into ${files.names.root}`
      : `put the certificate of ${issuer} that signed ${certificateText(last)} into ${files.names.chain}, `
        + `or into ${files.names.root} if it is the root`,
  });
}

function* chainWithoutOwn({ ca: { own, chain, files }, finder }: JudgedCa): Generator<CaFault> {
  if (!own || finder.isTrusted(own) || chain.certificates.some(({ fingerprint }) => fingerprint === own.fingerprint)) return;
  yield fault('MTLS707', 'chain', 'fails', {
    actual: chain.text.trim() === '' ? 'empty' : `without ${certificateText(own)}`,
    expected: `the certificate of ${files.names.signing} first, then those up to the root`,
    why: 'workloads send their own certificate and this file, and their peers find no path to the root',
    fix: `put ${files.names.signing} before the existing contents`,
  });
}

function* order({ ca: { own, chain: { certificates }, files }, finder }: JudgedCa): Generator<CaFault> {
  const index = certificates.findIndex(({ fingerprint }) => fingerprint === own?.fingerprint);
  if (!own || index < 0 || files.names.chain === files.names.signing) return;
  const disorder = index > 0 ? `${certificateText(certificates[0])} first` : disorderIn(certificates, finder);
  if (disorder === undefined) return;
  yield fault('MTLS708', 'chain', 'unwise', {
    actual: disorder,
    expected: `${certificateText(own)} first, then the issuer of each preceding certificate, each once`,
    why: index > 0
      ? 'it takes its expiry from the first certificate, and not all peers sort the chain'
      : 'not all peers sort the chain, and all receive unneeded certificates',
    fix: 'sort the certificates, and remove any that didn\'t issue the preceding one',
  });
}

function disorderIn(certificates: readonly Certificate[], finder: PathFinder): string | undefined {
  const seen = new Set<string>();
  for (const [index, certificate] of certificates.entries()) {
    if (seen.has(certificate.fingerprint)) return `${certificateText(certificate)} twice`;
    seen.add(certificate.fingerprint);
    const former = certificates[index - 1];
    if (former && !finder.hasSigned(certificate, former)) {
      return `${certificateText(certificate)} after ${certificateText(former)}, which it didn't sign`;
    }
  }
  return undefined;
}

function* roots({ ca: { root: { certificates }, files } }: JudgedCa): Generator<CaFault> {
  const seen = new Set<string>();
  for (const certificate of certificates) {
    const isTwice = seen.has(certificate.fingerprint);
    seen.add(certificate.fingerprint);
    if (!isTwice && certificate.isSelfSigned && (certificate.isCa || certificate.isVersion1)) continue;
    yield fault('MTLS709', 'root', 'unwise', {
      severity: isTwice ? 'info' : 'warning',
      actual: isTwice ? `${certificateText(certificate)} twice`
        : certificate.isSelfSigned ? `${certificateText(certificate)}, which isn't a CA`
          : `${certificateText(certificate)}, which is signed by ${shortName(certificate.issuer)}, not self-signed`,
      expected: 'each root once, self-signed',
      why: isTwice
        ? 'every proxy and namespace gets both'
        : 'Envoy trusts it anyway, but OpenSSL, Java and others look for the root above it',
      fix: isTwice ? 'remove one' : `put the root here, and keep intermediate certificates in ${files.names.chain}`,
    });
  }
}

const LEAST_RSA = 2048;
const LEAST_GO_RSA = 1024;
const CURVES_OF_GO = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1'];

function* weakKeys({ path = [], ca: { own }, finder }: JudgedCa): Generator<CaFault> {
  for (const certificate of path) {
    const { modulusLength = LEAST_RSA, namedCurve = CURVES_OF_GO[1] } = certificate.publicKey?.asymmetricKeyDetails ?? {};
    const isRefused = modulusLength < LEAST_GO_RSA || !CURVES_OF_GO.includes(namedCurve);
    if (!isRefused && modulusLength >= LEAST_RSA && namedCurve !== CURVES_OF_GO[0]) continue;
    yield fault('MTLS712', certificate === own ? 'signing' : finder.isTrusted(certificate) ? 'root' : 'chain',
      isRefused ? 'refused' : 'unwise', {
        actual: `${certificateText(certificate)}, whose key is ${certificate.keyText}`,
        expected: 'RSA of at least 2048 bits, or P-256, P-384 or P-521',
        why: isRefused ? 'Go doesn\'t accept such a key' : 'such keys are considered too weak, and strict clients reject them',
        fix: 'reissue it with a new key',
      });
  }
}
