import { CaFault, certificateText, fault, momentText } from './ca-fault';
import { ReadCa } from './ca-files';
import { CertificatePath } from './ca-path';
import { CRL_KEY } from './ca-secret';
import { Certificate } from './certificate';
import { readPem } from './pem';
import { CRL_LABEL, RevocationList, revocationListOf } from './revocation-list';

/**
 * What is wrong with the revocation lists beside a CA: MTLS714, MTLS715 and MTLS716. istiod wants one of each certificate in the
 * chain, whatever it says; proxies want one of each CA up to the root, and go by what it says.
 *
 * @param path from the certificate that istiod signs with to a root; undefined where none leads to one
 * @param now undefined: lists aren't held to a time
 */
export function* revocationFaults({ files: { crl: text = '', names }, chain }: ReadCa, path: CertificatePath = [], now?: Date): Generator<CaFault> {
  if (text === '') return;
  const { blocks } = readPem(text);
  const lists = blocks.flatMap((block) => revocationListOf(block) ?? []);
  if (lists.length === 0 || lists.length < blocks.length) {
    yield unreadable('refused', blocks.length === 0 ? NO_PEM : 'PEM blocks of which some are no readable revocation list', 'it reads all of them');
    return;
  }
  if (blocks.some(({ label }) => label !== CRL_LABEL)) yield unreadable('fails', 'PEM blocks of which some have another label', 'proxies skip them');
  if (chain.hasUnreadable) yield beside(names.chain);
  const inChain = new Map(chain.certificates.map((one) => [one.subjectName.toString('latin1'), one]));
  const without = [...inChain.values()].filter((one) => listsOf(one, lists).length === 0);
  if (without.length > 0) yield missing(without[0], 'refused', `it wants a list of each certificate in ${names.chain}`);
  const top = path[path.length - 1];
  if (top && !top.isSelfSigned) yield rootless(top, names.root);
  for (const authority of path) {
    const ofIt = listsOf(authority, lists);
    if (ofIt.length === 0 && without.length === 0) yield missing(authority, 'fails', 'proxies that have a list of one CA want one of each up to the root, and reject all certificates else');
    if (now && ofIt.length > 0 && !ofIt.some((list) => isCurrent(list, now))) yield outOfDate(authority, ofIt[ofIt.length - 1], now);
    const revoked = path.find((one) => ofIt.some((list) => list.revokes(one)));
    if (revoked) yield revokedBy(authority, revoked);
  }
}

/** Those that a CA has signed, and may sign. */
function listsOf({ subjectName, publicKey, isCa, keyUsages }: Certificate, lists: readonly RevocationList[]): readonly RevocationList[] {
  if (!publicKey || !isCa || (keyUsages && !keyUsages.includes('cRLSign'))) return [];
  return lists.filter((list) => list.issuerName.equals(subjectName) && list.isSignedBy(publicKey));
}

function isCurrent({ thisUpdate, nextUpdate }: RevocationList, now: Date): boolean {
  return thisUpdate <= now && (nextUpdate === undefined || now <= nextUpdate);
}

const NO_PEM = 'no PEM text, or one whose BEGIN and END lines don\'t stand alone';

/** With revocation lists istiod reads each block of the chain. */
function beside(chain: string): CaFault {
  return fault('MTLS714', 'crl', 'refused', {
    actual: `beside a ${chain} with blocks that are no readable certificate`,
    expected: 'a chain of certificates alone',
    why: 'it looks for a list of each of its blocks',
    fix: `take out of ${chain} what 'openssl x509' can't read`,
  });
}

/** Envoy trusts such a certificate, but not together with lists: it would need one of an issuer that it doesn't have. */
function rootless(top: Certificate, root: string): CaFault {
  return fault('MTLS714', 'crl', 'fails', {
    actual: `beside a ${root} with ${certificateText(top)}, which isn't signed by itself`,
    expected: 'roots that are signed by themselves',
    why: 'proxies that have revocation lists look for that of its issuer, which they don\'t trust',
    fix: `put the root above it into ${root}`,
  });
}

function unreadable(consequence: 'refused' | 'fails', actual: string, why: string): CaFault {
  return fault('MTLS714', 'crl', consequence, {
    actual,
    expected: 'PEM blocks \'X509 CRL\' and nothing else',
    why,
    fix: 'put the output of \'openssl crl -in <file>\' here, for each list',
  });
}

function missing(authority: Certificate, consequence: 'refused' | 'fails', why: string): CaFault {
  const { keyUsages } = authority;
  return fault('MTLS714', 'crl', consequence, {
    actual: `without a list of ${certificateText(authority)}${keyUsages && !keyUsages.includes('cRLSign') ? ', whose key usages lack cRLSign' : ''}`,
    expected: 'a revocation list of each CA, the root too, signed with its key',
    why,
    fix: `add the list of ${certificateText(authority)}, if need be an empty one, or take ${CRL_KEY} out`,
  });
}

function outOfDate(authority: Certificate, { thisUpdate, nextUpdate }: RevocationList, now: Date): CaFault {
  return fault('MTLS715', 'crl', 'fails', {
    actual: `a list of ${certificateText(authority)} ${thisUpdate > now ? `of ${momentText(thisUpdate)}` : `that was to be followed by another until ${momentText(nextUpdate!)}`}`,
    expected: `one that is valid at ${momentText(now)}`,
    why: 'proxies reject every certificate below that CA then',
    fix: `put the current list of ${certificateText(authority)} here`,
  });
}

function revokedBy(authority: Certificate, revoked: Certificate): CaFault {
  return fault('MTLS716', 'crl', 'fails', {
    actual: `a list in which ${certificateText(authority)} revokes ${certificateText(revoked)}`,
    expected: 'lists that revoke no CA on the way to the root',
    why: 'proxies reject every certificate below it',
    fix: `sign with another certificate than ${certificateText(revoked)}, or correct the list`,
  });
}
