import { CaFault, certificateText, fault, momentText } from './ca-fault';
import { ReadCa } from './ca-files';
import { CertificatePath } from './ca-path';
import { CRL_KEY } from './ca-secret';
import { Certificate } from './certificate';
import { readPem } from './pem';
import { CRL_LABEL, RevocationList, revocationListOf } from './revocation-list';

/**
 * The faults of a CA's revocation lists: MTLS714, MTLS715 and MTLS716. istiod requires a list for each certificate in the
 * chain, but ignores its contents; proxies require a valid list for each CA up to the root.
 *
 * @param path from the certificate that istiod signs with to a root; undefined if there is none
 * @param now undefined: validity periods aren't checked
 */
export function* revocationFaults(
  { files: { crl: text = '', names }, chain }: ReadCa, path: CertificatePath = [], now?: Date,
): Generator<CaFault> {
  if (text === '') return;
  const { blocks } = readPem(text);
  const lists = blocks.flatMap((block) => revocationListOf(block) ?? []);
  if (lists.length === 0 || lists.length < blocks.length) {
    yield unreadable('refused', blocks.length === 0 ? NO_PEM : 'PEM blocks, some of which aren\'t readable revocation lists',
      'it reads all of them');
    return;
  }
  if (blocks.some(({ label }) => label !== CRL_LABEL)) {
    yield unreadable('fails', 'PEM blocks, some with another label', 'proxies skip them');
  }
  if (chain.hasUnreadable) yield beside(names.chain);
  const inChain = new Map(chain.certificates.map((one) => [one.subjectName.toString('latin1'), one]));
  const without = [...inChain.values()].filter((one) => listsOf(one, lists).length === 0);
  if (without.length > 0) yield missing(without[0], 'refused', `it requires a list for each certificate in ${names.chain}`);
  const top = path[path.length - 1];
  if (top && !top.isSelfSigned) yield rootless(top, names.root);
  for (const authority of path) {
    const ofIt = listsOf(authority, lists);
    if (ofIt.length === 0 && without.length === 0) {
      yield missing(authority, 'fails',
        'proxies with a list for one CA require one for each CA up to the root, and otherwise reject all certificates');
    }
    if (now && ofIt.length > 0 && !ofIt.some((list) => isCurrent(list, now))) yield outOfDate(authority, ofIt[ofIt.length - 1], now);
    const revoked = path.find((one) => ofIt.some((list) => list.revokes(one)));
    if (revoked) yield revokedBy(authority, revoked);
  }
}

/** The lists that a CA has signed and is allowed to sign. */
function listsOf({ subjectName, publicKey, isCa, keyUsages }: Certificate, lists: readonly RevocationList[]): readonly RevocationList[] {
  if (!publicKey || !isCa || (keyUsages && !keyUsages.includes('cRLSign'))) return [];
  return lists.filter((list) => list.issuerName.equals(subjectName) && list.isSignedBy(publicKey));
}

function isCurrent({ thisUpdate, nextUpdate }: RevocationList, now: Date): boolean {
  return thisUpdate <= now && (nextUpdate === undefined || now <= nextUpdate);
}

const NO_PEM = 'not PEM, or PEM whose BEGIN and END lines don\'t stand alone';

/** With revocation lists, istiod reads each block of the chain. */
function beside(chain: string): CaFault {
  return fault('MTLS714', 'crl', 'refused', {
    actual: `alongside a ${chain} with blocks that aren't readable certificates`,
    expected: 'a chain of certificates only',
    why: 'it looks for a list for each block',
    fix: `remove blocks that 'openssl x509' can't read from ${chain}`,
  });
}

/** Envoy trusts such a certificate, but not together with revocation lists: it would need the list of an issuer that it doesn't have. */
function rootless(top: Certificate, root: string): CaFault {
  return fault('MTLS714', 'crl', 'fails', {
    actual: `alongside a ${root} with ${certificateText(top)}, which isn't self-signed`,
    expected: 'self-signed roots',
    why: 'proxies with revocation lists look for the list of its issuer, which they don\'t trust',
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
  const lacking = keyUsages && !keyUsages.includes('cRLSign') ? ', whose key usages lack cRLSign' : '';
  return fault('MTLS714', 'crl', consequence, {
    actual: `without a list for ${certificateText(authority)}${lacking}`,
    expected: 'a revocation list for each CA including the root, signed with its key',
    why,
    fix: `add the list of ${certificateText(authority)}, even if it is empty, or remove ${CRL_KEY}`,
  });
}

function outOfDate(authority: Certificate, { thisUpdate, nextUpdate }: RevocationList, now: Date): CaFault {
  return fault('MTLS715', 'crl', 'fails', {
    actual: `a list of ${certificateText(authority)} `
      + `${thisUpdate > now ? `of ${momentText(thisUpdate)}` : `whose next update was due at ${momentText(nextUpdate!)}`}`,
    expected: `one that is valid at ${momentText(now)}`,
    why: 'proxies then reject every certificate below that CA',
    fix: `put the current list of ${certificateText(authority)} here`,
  });
}

function revokedBy(authority: Certificate, revoked: Certificate): CaFault {
  return fault('MTLS716', 'crl', 'fails', {
    actual: `a list in which ${certificateText(authority)} revokes ${certificateText(revoked)}`,
    expected: 'lists that revoke no CA on the path to the root',
    why: 'proxies reject every certificate below it',
    fix: `sign with a different certificate than ${certificateText(revoked)}, or correct the list`,
  });
}
