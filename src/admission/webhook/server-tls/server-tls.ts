import { judgeCertificates } from './certificates';
import { warnOfCiphers } from './ciphers';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const CERTIFICATE_FIELDS = ['serverCertificate', 'privateKey', 'caCertificates', 'tlsCertificates', 'credentialName', 'credentialNames'];
const PASSTHROUGH = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'];

/** The mode of a server's TLS: what is left out means PASSTHROUGH. */
export function serverTlsMode(tls: any): string {
  return tls.mode ?? 'PASSTHROUGH';
}

/** Whether the server hands TLS on unopened. */
export function isPassthrough(tls: any): boolean {
  return PASSTHROUGH.includes(serverTlsMode(tls));
}

/** Objects to TLS settings of a server of a Gateway or Sidecar that contradict their mode or each other. */
export function judgeServerTls(at: Objections, tls: any): void {
  warnOfCiphers(at, tls);
  if (serverTlsMode(tls) === 'ISTIO_MUTUAL') {
    filled(tls, CERTIFICATE_FIELDS).forEach((field) => objectToCertificate(at.at(field), tls[field]));
    return;
  }
  if (isPassthrough(tls)) warnOfIgnored(at, tls);
  judgeCertificates(at, tls);
}

function filled(tls: any, fields: readonly string[]): string[] {
  return fields.filter((field) => tls[field]?.length);
}

function objectToCertificate(at: Objections, value: unknown): void {
  at.error({
    code: 'ADMIT484',
    actual: `${shown(value)} with mode 'ISTIO_MUTUAL'`,
    expected: 'no certificate of your own with that mode',
    because: 'ISTIO_MUTUAL uses the certificates that istiod issues',
    fix: 'remove the field, or write mode MUTUAL to bring your own certificates',
  });
}

function warnOfIgnored(at: Objections, tls: any): void {
  filled(tls, [...CERTIFICATE_FIELDS, 'caCrl']).forEach((field) => at.at(field).warning({
    code: 'ADMIT485',
    actual: `${shown(tls[field])} with mode '${serverTlsMode(tls)}'`,
    expected: 'no certificates with that mode',
    because: 'the connection is handed on unopened, so they are ignored',
    fix: 'remove the field, or write mode SIMPLE or MUTUAL to end TLS here',
  }));
}
