import { HolderText, CertificateHolder } from './certificate-holders';
import { judgeCacerts } from '../../admission/cacerts/cacerts';
import { Objections } from '../../admission/objection';
import { CA_CHECKS, CaContext, CHECKS_OF_THE_WAY, judgeCa } from '../../certificates/ca-checks';
import { CaFault, certificateText, Consequence, momentText } from '../../certificates/ca-fault';
import { caFilesOf, readCertificates } from '../../certificates/ca-files';
import { PathFinder } from '../../certificates/ca-path';
import { Certificate, certificateOf, readCertificate } from '../../certificates/certificate';
import { isPrivateKey, LONGEST_PEM, readPem } from '../../certificates/pem';
import { isKeyOf, privateKeyIn } from '../../certificates/private-key';
import { Severity } from '../../findings/finding';
import { numeral } from '../../findings/numeral';

/** A text with certificates as printed: never a private key, only the certificate that it belongs to. */
export interface InspectedText {
  readonly name: string;
  readonly certificates: readonly Certificate[];
  /** Present if the text holds a private key, with the certificate that it belongs to if that is known. */
  readonly privateKey?: { readonly belongsTo?: Certificate };
  /** Why nothing of it is shown, or what else it holds. */
  readonly note?: string;
  /** Whether a part of the text could not be read. */
  readonly isPart?: boolean;
}

/** A property of certificates, and whether they have it. */
interface CertificateCheck {
  /**
   * The rule that explains it. Missing if there is none.
   *
   * @pattern ^MTLS7\d{2}$
   */
  readonly code?: string;
  readonly title: string;
  /** Missing: unknown, because another check fails. */
  readonly holds?: boolean;
}

/** What is wrong with a text, as a rule reports it. */
export interface InspectionFinding extends Omit<CaFault, 'role' | 'consequence'> {
  readonly severity: Severity;
  /**
   * refused: istiod doesn't start. ignored: it signs with a CA that it generates. fails: it accepts the CA, but connections fail later.
   * unwise: it accepts the CA. Missing: the API server rejects the Secret, or a private key is distributed.
   */
  readonly consequence?: Consequence;
  /** The name of the text; empty for the whole CA. */
  readonly text: string;
}

/** What a holder of certificates holds. */
export interface Inspection {
  readonly holder: CertificateHolder;
  readonly texts: readonly InspectedText[];
  readonly checks: readonly CertificateCheck[];
  readonly findings: readonly InspectionFinding[];
}

/** The context of CA checks, with the moment at which validity is judged. */
export type InspectionContext = CaContext & { readonly now: Date };

export function inspect(holder: CertificateHolder, context: InspectionContext): Inspection {
  const texts = inspectedTexts(holder.texts);
  return {
    holder, texts, ...holder.kind === 'ca' ? caChecks(holder, context) : { checks: chainChecks(holder, texts, context), findings: [] },
  };
}

function inspectedTexts(held: readonly HolderText[]): readonly InspectedText[] {
  const read = held.map(({ name, text }): InspectedText & { readonly text: string } => {
    if (text.length > LONGEST_PEM) {
      return {
        name,
        text,
        certificates: [],
        note: `${numeral(text.length)} characters, not read: a Secret holds at most ${numeral(LONGEST_PEM)}`,
        isPart: true,
      };
    }
    const whole = text.startsWith('0') ? readCertificate(Buffer.from(text, 'latin1')) : undefined;
    if (whole) return { name, text, certificates: [whole], note: 'DER, not PEM' };
    const { certificates } = readCertificates(text);
    return { name, text, certificates, ...unreadIn(text) };
  });
  const all = read.flatMap(({ certificates }) => certificates);
  return read.map(({ text, ...one }) => {
    const blocks = text.length > LONGEST_PEM ? [] : readPem(text).blocks;
    if (!blocks.some(isPrivateKey)) return one;
    const key = privateKeyIn(blocks.filter(isPrivateKey)[0].text);
    return { ...one, privateKey: { belongsTo: key && all.find((certificate) => isKeyOf(key, certificate)) } };
  });
}

/** Counts blocks that begin as certificates but can't be parsed by Node and istiod: damaged, or with an invalid time. */
function unreadIn(text: string): Pick<InspectedText, 'note' | 'isPart'> {
  const { blocks } = readPem(text);
  const count = blocks.filter((block) => /CERTIFICATE/.test(block.label) && certificateOf(block) === undefined).length;
  return count === 0 ? {} : { note: `${numeral(count)} certificate${count === 1 ? '' : 's'} that can't be read`, isPart: true };
}

// ------------------------------------------------------------------------------------------------- CA

/** Consequences of admission's findings, by code. */
const CONSEQUENCES: Readonly<Record<string, Consequence>> = {
  ADMIT702: 'refused',
  ADMIT703: 'ignored',
  ADMIT704: 'unwise',
  ADMIT705: 'unwise',
  ADMIT707: 'refused',
  ADMIT709: 'ignored',
  ADMIT710: 'ignored',
};

/** Findings of admission that the checks of a whole CA report in full. */
const TOLD_IN_FULL = ['ADMIT707', 'ADMIT708'];

function caChecks({ texts, secret }: CertificateHolder, context: InspectionContext): Pick<Inspection, 'checks' | 'findings'> {
  const files = caFilesOf(new Map(texts.map(({ name, text }) => [name, text])));
  const faults = files ? judgeCa(files, context) : [];
  const objections = new Objections();
  judgeCacerts(objections, secret, context.istiodNamespace);
  const byKeys = objections.all.filter(({ code }) => !(files && TOLD_IN_FULL.includes(code)));
  const findings = [
    ...byKeys.map(({
      field, because = '', ...found
    }): InspectionFinding => ({ ...found, because, text: String(field[field.length - 1] ?? ''), consequence: CONSEQUENCES[found.code] })),
    ...faults.map(({ role, ...found }): InspectionFinding => ({ ...found, text: files!.names[role] })),
  ];
  const hasWay = !faults.some(({ code, role, consequence }) => (
    code === 'MTLS706' || (code === 'MTLS713' && role !== 'key' && consequence === 'refused')));
  return {
    findings,
    checks: [
      { title: 'the keys are those that istiod reads', holds: byKeys.length === 0 },
      ...Object.entries(files ? CA_CHECKS : {}).map(([code, title]): CertificateCheck => {
        const fails = faults.some((found) => found.code === code);
        return { code, title, holds: fails ? false : hasWay || !CHECKS_OF_THE_WAY.includes(code) ? true : undefined };
      }),
    ],
  };
}

// ---------------------------------------------------------------------------------------------- chain

/** The name under which proxies hold their trusted roots, including the roots of other trust domains. */
const ROOTS = 'ROOTCA';

function holdsRoots({ name }: InspectedText): boolean {
  return name === ROOTS || name.startsWith(`${ROOTS} of `);
}

function chainChecks(
  { kind }: CertificateHolder, texts: readonly InspectedText[], { now, horizonDays }: InspectionContext,
): readonly CertificateCheck[] {
  const certificates = texts.flatMap((text) => text.certificates);
  const selfSigned = certificates.filter(({ isSelfSigned }) => isSelfSigned);
  const invalid = certificates.filter(({ notBefore, notAfter }) => now < notBefore || now > notAfter);
  const roots = texts.filter(holdsRoots).flatMap((text) => text.certificates);
  const chains = texts.filter((text) => !holdsRoots(text) && text.certificates.length > 0);
  const unread = texts.filter(({ isPart }) => isPart).map(({ name }) => name);
  return [
    ...unread.length > 0 ? [{ title: `every certificate can be read: not all in ${unread.join(', ')}`, holds: false }] : [],
    {
      title: 'every certificate is valid at '
        + `${momentText(now)}${invalid.length > 0 ? `: not ${invalid.map(certificateText).join(', ')}` : ''}`,
      holds: invalid.length === 0,
    },
    ...chains.flatMap(({ name, certificates: [first, ...rest] }): CertificateCheck[] => [
      ...rest.length > 0 ? [{ title: `${name}: each certificate is signed by the next`, holds: isOrdered([first, ...rest]) }] : [],
      ...kind === 'proxy' && roots.length > 0 ? [{
        title: `${name}: ${certificateText(first)} chains to a root in ${ROOTS}`,
        holds: new PathFinder(rest, roots).paths(first).length > 0,
      }] : [],
      ...kind === 'proxy' && !first.isCa ? [{
        title: `${name}: the certificate has one identity`, holds: first.uris.filter((uri) => uri.startsWith('spiffe://')).length === 1,
      }] : [],
    ]),
    ...selfSigned.length > 0
      ? [{ title: `every root is valid for ${horizonDays} more days`, holds: selfSigned.every((one) => daysLeft(one, now) >= horizonDays) }]
      : [],
  ];
}

function isOrdered(certificates: readonly Certificate[]): boolean {
  const finder = new PathFinder([], []);
  return certificates.every((certificate, index) => index === 0 || finder.hasSigned(certificate, certificates[index - 1]));
}

const DAY = 86_400_000;

export function daysLeft({ notAfter }: Certificate, now: Date): number {
  return Math.floor((notAfter.getTime() - now.getTime()) / DAY);
}

/** `CA, path length 0; certificate sign`. */
export function kindText({ isCa, pathLength, keyUsages }: Certificate): string {
  const kind = isCa ? `CA${pathLength === undefined ? '' : `, path length ${pathLength}`}` : 'no CA';
  return `${kind}${keyUsages ? `; ${keyUsages.join(', ')}` : ''}`;
}

const HOUR = 3_600_000;

/** `87 days left`. */
export function leftText(certificate: Certificate, now: Date): string {
  if (now > certificate.notAfter) return 'ended';
  if (now < certificate.notBefore) return 'not yet begun';
  const days = daysLeft(certificate, now);
  if (days >= 3) return `${days} days left`;
  const hours = (certificate.notAfter.getTime() - now.getTime()) / HOUR;
  return `${Math.floor(hours)} h ${Math.floor((hours % 1) * 60)} min left`;
}

/** A finding in a sentence. */
export function sentence({ text, actual, expected, because, fix }: InspectionFinding): string {
  return `${text === '' ? 'it' : text} is ${actual}; expected ${expected}, because ${because}. Fix: ${fix}.`;
}
