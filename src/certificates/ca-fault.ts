import { CaRole } from './ca-files';
import { Certificate, certificateName } from './certificate';
import { Severity } from '../findings/finding';

/** The consequence of a fault in a CA. */
export type Consequence =
  /** istiod doesn't start. */
  | 'refused'
  /** istiod starts, and signs with a CA that it generates itself. */
  | 'ignored'
  /** istiod starts, and the workloads' certificates, or its own, are rejected. */
  | 'fails'
  /** istiod and proxies accept it; the fault describes the risk. */
  | 'unwise';

/** How a fault describes its consequence. */
const WORDS: Readonly<Record<Consequence, string>> = {
  refused: 'istiod doesn\'t start',
  ignored: 'istiod signs with a CA that it generates itself',
  fails: 'istiod accepts it, but connections fail later',
  unwise: 'istiod accepts it',
};

const SEVERITIES: Readonly<Record<Consequence, Severity>> = { refused: 'error', ignored: 'error', fails: 'error', unwise: 'warning' };

/** What is wrong with the certificates or the key of a CA. */
export interface CaFault {
  readonly code: string;
  readonly severity: Severity;
  readonly consequence: Consequence;
  readonly role: CaRole;
  readonly actual: string;
  readonly expected: string;
  readonly because: string;
  readonly fix: string;
}

/** How a check describes a fault. */
interface FaultText extends Pick<CaFault, 'actual' | 'expected' | 'fix'> {
  /** Why it has that consequence. */
  readonly why: string;
  /** The severity, if it isn't that of the consequence. */
  readonly severity?: Severity;
}

export function fault(code: string, role: CaRole, consequence: Consequence, said: FaultText): CaFault {
  const { why, severity = SEVERITIES[consequence], ...text } = said;
  return { code, role, consequence, severity, ...text, because: `${WORDS[consequence]}: ${why}` };
}

/** The maximum length of a certificate's name in a message. */
const LONGEST_NAME = 80;

/** A certificate as a message names it. */
export function certificateText(certificate: Certificate): string {
  return shortName(certificateName(certificate));
}

/** A name as a message shows it. */
export function shortName(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** A time in UTC, to the second. */
export function momentText(moment: Date): string {
  return moment.toISOString().replace(/\.\d{3}/, '');
}
