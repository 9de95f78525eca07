import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const SERVING = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'];

/** Objects to certificates from two sources, and to none where the mode needs one. */
export function judgeCertificates(at: Objections, tls: any): void {
  judgeOneSource(at, tls);
  const serving = SERVING.includes(tls.mode);
  if (serving && (tls.credentialName || tls.credentialNames?.length)) return;
  if (serving) judgeServing(at, tls);
  if (tls.caCrl) judgeRevocation(at.at('caCrl'), tls);
}

function judgeOneSource(at: Objections, tls: any): void {
  const sources = ['credentialName', 'credentialNames', 'tlsCertificates'].filter((field) => tls[field]?.length);
  if (tls.serverCertificate && tls.privateKey) sources.unshift('serverCertificate');
  if (sources.length < 2) return;
  at.error({
    code: 'ADMIT484',
    actual: `set with ${sources.join(' and ')}`,
    expected: 'one of credentialName, credentialNames, tlsCertificates, or serverCertificate with privateKey',
    because: 'istiod would have to choose',
    fix: `keep ${sources[sources.length - 1]} and remove the rest`,
  });
}

function judgeServing(at: Objections, tls: any): void {
  if (tls.mode !== 'SIMPLE' && !tls.caCertificates) {
    objectToMissing(at.at('caCertificates'), tls.mode, 'the CA certificates that clients are checked by', 'name the file of the CA, or a Secret by credentialName');
  }
  const places = tls.tlsCertificates?.length
    ? tls.tlsCertificates.map((certificate: any, index: number) => [certificate, at.at('tlsCertificates', index)])
    : [[tls, at]];
  for (const [certificate, place] of places) {
    for (const field of ['serverCertificate', 'privateKey']) {
      if (!certificate[field]) objectToMissing(place.at(field), tls.mode, 'a certificate to show to clients', 'name a Secret by credentialName, or give both serverCertificate and privateKey');
    }
  }
}

function objectToMissing(at: Objections, mode: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT483', actual: `missing with mode '${mode}'`, expected, because: 'TLS can\'t be ended without it', fix });
}

function judgeRevocation(at: Objections, tls: any): void {
  if (!tls.credentialName && tls.mode !== 'SIMPLE') return;
  at.error({
    code: 'ADMIT487',
    actual: `${shown(tls.caCrl)} with ${tls.credentialName ? 'credentialName' : 'mode \'SIMPLE\''}`,
    expected: 'a revocation list only with mode MUTUAL or OPTIONAL_MUTUAL and certificates in files',
    because: tls.credentialName ? 'the Secret itself holds the list' : 'a SIMPLE server checks no client certificates',
    fix: tls.credentialName ? 'put the list into the Secret under ca.crl' : 'remove caCrl, or write mode MUTUAL',
  });
}
