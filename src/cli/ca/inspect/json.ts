import { momentText } from '../../../certificates/ca-fault';
import { Certificate } from '../../../certificates/certificate';
import { redactedValue } from '../../../findings/redacted-value';
import { printableJson } from '../../../findings/safe-text';
import { InspectedText, Inspection, InspectionContext, InspectionFinding } from '../../certificates/inspection';

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
const FORMAT = 1;

/** What was inspected, as programs read it: see docs/schemas/ca-inspect.schema.json. */
export function inspectionJson(inspections: readonly Inspection[], { now }: InspectionContext): string {
  const value = {
    format: FORMAT,
    moment: momentText(now),
    inspected: inspections.map(({ holder: { kind, name }, texts, checks, findings }) => ({
      kind,
      name,
      texts: texts.map((text) => textJson(text, now)),
      checks,
      findings: findings.map(findingJson),
    })),
  };
  return `${printableJson(JSON.stringify(redactedValue(value), null, 2))}\n`;
}

function findingJson({ severity, code, consequence, text, actual, expected, because, fix }: InspectionFinding): object {
  return { severity, code, consequence, text, actual, expected, because, fix };
}

function textJson({ name, certificates, privateKey, note }: InspectedText, now: Date): object {
  return {
    name,
    note,
    certificates: certificates.map((certificate) => certificateJson(certificate, now)),
    privateKey: privateKey && { belongsTo: privateKey.belongsTo?.fingerprint },
  };
}

function certificateJson(certificate: Certificate, now: Date): object {
  const { subject, issuer, uris, dnsNames, serialNumber, notBefore, notAfter, keyText: key, isCa, pathLength, keyUsages, isSelfSigned } = certificate;
  return {
    subject,
    issuer,
    uris,
    dnsNames,
    serialNumber,
    notBefore: momentText(notBefore),
    notAfter: momentText(notAfter),
    secondsLeft: Math.floor((notAfter.getTime() - now.getTime()) / 1000),
    key,
    isCa,
    pathLength,
    keyUsages,
    extendedKeyUsages: certificate.purposes,
    isSelfSigned,
    sha256: certificate.fingerprint,
    keySha256: certificate.keyFingerprint,
  };
}
