import { momentText } from '../../certificates/ca-fault';
import { Certificate, certificateName } from '../../certificates/certificate';
import { CertificateData, HolderData } from '../../report/data';
import { pageText } from '../../report/traffic-tables';
import { objectHolder } from '../certificates/certificate-holders';
import { daysLeft, inspect, InspectedText, InspectionContext, kindText, leftText, sentence } from '../certificates/inspection';
import { ReadObject } from '../input/reading';

/** The Secrets and ConfigMaps with certificates, as in `ca inspect`: never a private key, only the certificate that it belongs to. */
export function certificateData(documents: readonly ReadObject[], context: InspectionContext): readonly HolderData[] {
  return documents.flatMap(({ object, file }) => objectHolder(object, file) ?? []).map((holder) => {
    const { texts, checks, findings } = inspect(holder, context);
    return {
      name: pageText(holder.name),
      texts: texts.map((text) => textData(text, context.now)),
      checks: checks.map(({ code, title, holds }) => ({ code, title: pageText(title), holds })),
      findings: findings.map((finding) => ({ severity: finding.severity, code: finding.code, text: pageText(sentence(finding)) })),
    };
  });
}

function textData({ name, note, certificates, privateKey }: InspectedText, now: Date): HolderData['texts'][number] {
  return {
    name: pageText(name),
    note,
    ...privateKey && { keyOf: privateKey.belongsTo ? pageText(certificateName(privateKey.belongsTo)) : '' },
    certificates: certificates.map((certificate) => certificateDataOf(certificate, now)),
  };
}

function certificateDataOf(certificate: Certificate, now: Date): CertificateData {
  const { issuer, isSelfSigned, notBefore, notAfter, keyText, fingerprint } = certificate;
  return {
    name: pageText(certificateName(certificate)),
    issuer: isSelfSigned ? 'itself' : pageText(issuer),
    notBefore: momentText(notBefore),
    notAfter: momentText(notAfter),
    daysLeft: daysLeft(certificate, now),
    left: leftText(certificate, now),
    kind: pageText(kindText(certificate)),
    key: pageText(keyText),
    fingerprint,
  };
}
