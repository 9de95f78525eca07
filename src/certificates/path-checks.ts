import { CaFault, certificateText, Consequence, fault, momentText } from './ca-fault';
import { CaRole } from './ca-files';
import { CertificatePath } from './ca-path';
import { Certificate } from './certificate';
import { forbiddenName, NamesOfIstio } from './name-constraints';

/** What the certificates on the path to a root are checked against. */
export interface PathContext extends NamesOfIstio {
  /** Undefined: validity periods aren't checked. */
  readonly now?: Date;
  /** The file that a certificate is in. */
  readonly roleOf: (certificate: Certificate) => CaRole;
}

/** One certificate on the path; index 0 is the one that istiod signs with. */
interface Step {
  readonly certificate: Certificate;
  readonly role: CaRole;
  readonly index: number;
  readonly isLast: boolean;
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/** Signature algorithms that Go no longer verifies: those with MD2, MD5 or SHA-1, and DSA. */
const UNTRUSTED_SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'MD2',
  '1.2.840.113549.1.1.4': 'MD5',
  '1.2.840.113549.1.1.5': 'SHA-1',
  '1.2.840.10045.4.1': 'SHA-1',
  '1.2.840.10040.4.3': 'DSA',
  '2.16.840.1.101.3.4.3.1': 'DSA',
  '2.16.840.1.101.3.4.3.2': 'DSA',
};

/** The faults of the certificates from the one that istiod signs with to a root. */
export function pathFaults(path: CertificatePath, context: PathContext): readonly CaFault[] {
  return path.flatMap((certificate, index) => {
    const step: Step = { certificate, role: context.roleOf(certificate), index, isLast: index === path.length - 1 };
    return CHECKS.flatMap((check) => check(step, context) ?? []);
  });
}

type StepCheck = (step: Step, context: PathContext) => CaFault | undefined;

const CHECKS: readonly StepCheck[] = [validity, authority, signing, pathLength, purposes, names, signature];

function validity({ certificate, role }: Step, { now }: PathContext): CaFault | undefined {
  const period = now && periodFault(certificate, now);
  return period && fault('MTLS702', role, 'refused', {
    ...period,
    why: 'it verifies its certificate up to a root at startup',
    fix: `replace ${certificateText(certificate)} with a certificate that is valid now`,
  });
}

/** Why a certificate isn't valid at a time. */
export function periodFault(certificate: Certificate, now: Date): Pick<CaFault, 'actual' | 'expected'> | undefined {
  const expected = `a certificate that is valid at ${momentText(now)}`;
  if (now > certificate.notAfter) {
    return { actual: `${certificateText(certificate)}, which expired at ${momentText(certificate.notAfter)}`, expected };
  }
  if (now < certificate.notBefore) {
    return { actual: `${certificateText(certificate)}, which is valid from ${momentText(certificate.notBefore)}`, expected };
  }
  return undefined;
}

function authority({ certificate, role, index, isLast }: Step): CaFault | undefined {
  if (certificate.isCa || (index > 0 && isLast && certificate.isVersion1)) return undefined;
  return fault('MTLS704', role, 'refused', {
    actual: `${certificateText(certificate)}, which isn't a CA`,
    expected: 'certificates with basic constraints CA:TRUE',
    why: index === 0 ? 'no certificate that it signs with it is valid' : 'certificates signed by it aren\'t valid',
    fix: index === 0
      ? 'put the certificate of an intermediate CA here, with its private key'
      : 'reissue it as a CA, and the certificates it signed',
  });
}

function signing({ certificate, role, index }: Step): CaFault | undefined {
  const { keyUsages } = certificate;
  if (!keyUsages || keyUsages.includes('keyCertSign')) return undefined;
  return fault('MTLS705', role, index === 0 ? 'fails' : 'refused', {
    actual: `${certificateText(certificate)}, whose key usages lack keyCertSign`,
    expected: 'keyCertSign among the key usages of each CA, or no key usages',
    why: 'without it a key may not sign certificates, and verifiers reject those it signs',
    fix: 'reissue it with keyCertSign and cRLSign',
  });
}

function pathLength({ certificate, role, index }: Step): CaFault | undefined {
  const { pathLength: length } = certificate;
  if (length === undefined || length >= index) return undefined;
  const consequence: Consequence = length < index - 1 ? 'refused' : 'fails';
  return fault('MTLS705', role, consequence, {
    actual: `${certificateText(certificate)}, whose path length is ${length}`,
    expected: `a path length of at least ${index}, or none`,
    why: `${index === 1 ? 'one CA stands' : `${index} CAs stand`} between it and a workload's certificate, and verifiers reject that`,
    fix: `reissue it with pathlen:${index} or without pathlen, or sign istiod's certificate with it directly`,
  });
}

function purposes({ certificate, role }: Step): CaFault | undefined {
  const { purposes: allowed } = certificate;
  if (!allowed || allowed.includes(ANY_PURPOSE)) return undefined;
  const lacks = [SERVER_AUTH, CLIENT_AUTH].filter((purpose) => !allowed.includes(purpose))
    .map((purpose) => (purpose === SERVER_AUTH ? 'serverAuth' : 'clientAuth'));
  if (lacks.length === 0) return undefined;
  return fault('MTLS710', role, lacks.includes('serverAuth') ? 'refused' : 'fails', {
    actual: `${certificateText(certificate)}, whose extended key usages lack ${lacks.join(' and ')}`,
    expected: 'no extended key usages, or serverAuth and clientAuth among them',
    why: 'a CA\'s usages limit all certificates below it, and workloads act as both servers and clients',
    fix: 'reissue it without extended key usages',
  });
}

function names({ certificate, role }: Step, context: PathContext): CaFault | undefined {
  const { nameConstraints } = certificate;
  const forbidden = nameConstraints && forbiddenName(nameConstraints, context);
  return forbidden && fault('MTLS711', role, 'fails', {
    actual: `${certificateText(certificate)}, which ${forbidden.constraint}`,
    expected: `name constraints that allow ${forbidden.name}`,
    why: forbidden.owner === 'workloads' ? 'workloads have such names, and verifiers reject their certificates'
      : 'istiod signs its own certificate with this CA, so no proxy connects to it',
    fix: `reissue it with constraints that allow ${forbidden.name}, or with none for `
      + `${forbidden.owner === 'workloads' ? 'URIs' : 'DNS names'}`,
  });
}

function signature({ certificate, role, isLast }: Step): CaFault | undefined {
  const algorithm = UNTRUSTED_SIGNATURES[certificate.signatureAlgorithm];
  // Nobody verifies a root's signature of itself.
  if (algorithm === undefined || isLast) return undefined;
  return fault('MTLS712', role, 'refused', {
    actual: `${certificateText(certificate)}, signed with ${algorithm}`,
    expected: 'SHA-256 or better',
    why: 'it rejects such signatures',
    fix: 'have its issuer sign it again with SHA-256',
  });
}
