import { momentText } from '../../../certificates/ca-fault';
import { Certificate, certificateName } from '../../../certificates/certificate';
import { Severity } from '../../../findings/finding';
import { printable, redacted } from '../../../findings/safe-text';
import { wrapped } from '../../../findings/wrapped';
import { InspectedText, Inspection, InspectionContext, kindText, leftText, sentence } from '../../certificates/inspection';
import { Colours, Printer } from '../../output/printer';

/** The inspections as text for people. */
export function inspectionText(inspections: readonly Inspection[], { now }: InspectionContext, printer: Printer): string {
  return inspections.map((inspection) => `${[...linesOf(inspection, now, printer)].join('\n')}\n`).join('\n');
}

function* linesOf({ holder, texts, checks, findings }: Inspection, now: Date, { colours, width }: Printer): Generator<string> {
  const safe = (text: string): string => printable(redacted(text));
  yield colours.bold(safe(holder.name));
  const seen = new Map<string, string>();
  for (const text of texts) yield* linesOfText(text, { seen, now, colours, safe });
  yield '';
  for (const { code = '', title, holds } of checks) {
    const verdict = holds ? colours.green('ok') : holds === undefined ? colours.dim('? ') : colours.red('no');
    yield `  ${verdict}  ${checks.some((one) => one.code) ? `${code.padEnd('MTLS701'.length)}  ` : ''}${safe(title)}`;
  }
  for (const finding of findings) {
    yield '';
    const [first, ...rest] = wrapped(safe(sentence(finding)), width - 2);
    yield `  ${painted(finding.severity, colours)} ${finding.code} ${first}`;
    for (const line of rest) yield `  ${line}`;
  }
}

interface Shown {
  /** Where each certificate was shown, by fingerprint. */
  readonly seen: Map<string, string>;
  readonly now: Date;
  readonly colours: Colours;
  readonly safe: (text: string) => string;
}

function* linesOfText({ name, certificates, privateKey, note }: InspectedText, { seen, now, colours, safe }: Shown): Generator<string> {
  yield '';
  yield `  ${colours.cyan(safe(name))}${note === undefined ? '' : `: ${note}`}`;
  if (certificates.length === 0 && !privateKey && note === undefined) yield '    no certificate';
  if (privateKey) {
    const owner = privateKey.belongsTo ? certificateName(privateKey.belongsTo) : 'none of these certificates';
    yield `    a private key, not shown; it belongs to ${safe(owner)}`;
  }
  for (const certificate of certificates) {
    const before = seen.get(certificate.fingerprint);
    yield `    ${safe(certificateName(certificate))}${before === undefined ? '' : `  (as in ${safe(before)})`}`;
    if (before !== undefined) continue;
    seen.set(certificate.fingerprint, name);
    for (const [label, value] of factsOf(certificate, now)) yield `      ${colours.dim(label.padEnd(8))}  ${safe(value)}`;
  }
}

/** The properties of a certificate that are printed, in order. */
function factsOf(certificate: Certificate, now: Date): readonly (readonly [label: string, value: string])[] {
  const { isSelfSigned, issuer, notBefore, notAfter, keyText, uris, dnsNames, serialNumber, fingerprint } = certificate;
  const names = [...uris, ...dnsNames];
  return [
    ['issuer', isSelfSigned ? 'itself' : issuer],
    ['valid', `${momentText(notBefore)} to ${momentText(notAfter)}, ${leftText(certificate, now)}`],
    ['kind', kindText(certificate)],
    ...names.length > 0 ? [['names', names.join(', ')] as const] : [],
    ['key', keyText],
    ['serial', serialNumber],
    ['SHA-256', fingerprint],
  ];
}

function painted(severity: Severity, colours: Colours): string {
  return severity === 'error' ? colours.red(severity) : severity === 'warning' ? colours.yellow(severity) : colours.dim(severity);
}
