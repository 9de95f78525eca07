import { momentText } from '../../../certificates/ca-fault';
import { Certificate } from '../../../certificates/certificate';
import { redactedValue } from '../../../findings/redacted-value';
import { InspectedText, Inspection, InspectionContext, InspectionFinding } from '../../certificates/inspection';
import { json } from '../../findings/json';

/** What istio-mtls ca inspect -o json prints */
interface PrintedInspections {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /**
   * The time for which certificates are checked.
   *
   * @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$
   */
  readonly moment: string;
  /** The folder, each Secret or ConfigMap with certificates, the proxy, or the text. */
  readonly inspected: readonly PrintedInspection[];
}

/** What holds certificates, and whether they are as they should be. */
interface PrintedInspection extends Pick<Inspection, 'checks'> {
  /** ca: the files of istiod's CA. proxy: what a running proxy has. text: other certificates. */
  readonly kind: Inspection['holder']['kind'];
  readonly name: string;
  readonly texts: readonly PrintedCertificateText[];
  /** Only for a CA. */
  readonly findings: readonly InspectionFinding[];
}

/** A text with certificates. */
interface PrintedCertificateText {
  /** The name of the file, of the key in the Secret or ConfigMap, or of the proxy's secret. */
  readonly name: string;
  /** Why nothing of it is shown, or what else it holds. */
  readonly note?: string;
  readonly certificates: readonly PrintedCertificate[];
  /** Present if the text holds a private key, which is never printed. */
  readonly privateKey?: PrintedKey;
}

/** A private key. */
interface PrintedKey {
  /**
   * The fingerprint of its certificate, if that is among the texts.
   *
   * @pattern ^[0-9a-f]{64}$
   */
  readonly belongsTo?: string;
}

/** A certificate. */
interface PrintedCertificate extends Pick<
  Certificate, 'subject' | 'issuer' | 'uris' | 'dnsNames' | 'serialNumber' | 'isCa' | 'pathLength' | 'keyUsages' | 'isSelfSigned'
> {
  /** @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$ */
  readonly notBefore: string;
  /** @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$ */
  readonly notAfter: string;
  /**
   * Seconds from the moment until the certificate expires; negative if it has expired.
   *
   * @minimum -9007199254740991
   */
  readonly secondsLeft: number;
  /** EC P-256, RSA 2048, Ed25519. */
  readonly key: string;
  /** Object identifiers. Missing: not limited. */
  readonly extendedKeyUsages?: readonly string[];
  /** @pattern ^[0-9a-f]{64}$ */
  readonly sha256: string;
  /**
   * SHA-256 of the public key; empty for an unknown kind of key.
   *
   * @pattern ^([0-9a-f]{64})?$
   */
  readonly keySha256: string;
}

/** What was inspected as JSON. See docs/schemas/ca-inspect.schema.json. */
export function inspectionJson(inspections: readonly Inspection[], { now }: InspectionContext): string {
  const printed: PrintedInspections = {
    format: 1,
    moment: momentText(now),
    inspected: inspections.map(({ holder: { kind, name }, texts, checks, findings }) => ({
      kind,
      name,
      texts: texts.map((text) => textJson(text, now)),
      checks,
      findings: findings.map(findingJson),
    })),
  };
  return json(redactedValue(printed));
}

function findingJson({ severity, code, consequence, text, actual, expected, because, fix }: InspectionFinding): InspectionFinding {
  return { severity, code, consequence, text, actual, expected, because, fix };
}

function textJson({ name, certificates, privateKey, note }: InspectedText, now: Date): PrintedCertificateText {
  return {
    name,
    note,
    certificates: certificates.map((certificate) => certificateJson(certificate, now)),
    privateKey: privateKey && { belongsTo: privateKey.belongsTo?.fingerprint },
  };
}

function certificateJson(certificate: Certificate, now: Date): PrintedCertificate {
  const { subject, issuer, uris, dnsNames, serialNumber, notBefore, notAfter, isCa, pathLength, keyUsages, isSelfSigned } = certificate;
  return {
    subject,
    issuer,
    uris,
    dnsNames,
    serialNumber,
    notBefore: momentText(notBefore),
    notAfter: momentText(notAfter),
    secondsLeft: Math.floor((notAfter.getTime() - now.getTime()) / 1000),
    key: certificate.keyText,
    isCa,
    pathLength,
    keyUsages,
    extendedKeyUsages: certificate.purposes,
    isSelfSigned,
    sha256: certificate.fingerprint,
    keySha256: certificate.keyFingerprint,
  };
}
