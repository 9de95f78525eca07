import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const CONFIG_MAP = 'configmap://';
const FILES = ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'];

/** Objects to a client's TLS settings that lack a certificate or exclude each other; `namespace` is empty if unknown. */
export function judgeClientTls(at: Objections, tls: any, namespace: string): void {
  if (!tls) return;
  if (tls.credentialName?.startsWith(CONFIG_MAP)) judgeConfigMap(at.at('credentialName'), tls.credentialName, namespace);
  if (tls.insecureSkipVerify) judgeSkippedVerification(at, tls);
  const ownCertificates = tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL';
  if (ownCertificates && tls.credentialName) judgeFilesBesideCredential(at, tls);
  else if (tls.mode === 'MUTUAL') judgeClientCertificate(at, tls);
}

function judgeClientCertificate(at: Objections, tls: any): void {
  for (const field of ['clientCertificate', 'privateKey']) {
    if (tls[field]) continue;
    at.at(field).error({
      code: 'ADMIT426',
      actual: shown(tls[field]),
      expected: 'a file, or credentialName in its place',
      because: 'with mode MUTUAL the client shows a certificate of its own',
      fix: 'name clientCertificate and privateKey, or credentialName, or use ISTIO_MUTUAL for the mesh\'s certificates',
    });
  }
}

function judgeFilesBesideCredential(at: Objections, tls: any): void {
  const file = FILES.find((field) => tls[field]);
  if (!file) return;
  at.at(file).error({
    code: 'ADMIT427',
    actual: `${shown(tls[file])} together with credentialName`,
    expected: 'credentialName alone',
    because: 'the certificates then come from the Secret',
    fix: `remove ${file} or credentialName`,
  });
}

function judgeSkippedVerification(at: Objections, tls: any): void {
  const verifying = tls.subjectAltNames?.length > 0 ? 'subjectAltNames' : undefined;
  const credential = tls.mode === 'SIMPLE' && tls.credentialName ? 'credentialName' : undefined;
  const field = (tls.caCertificates ? 'caCertificates' : undefined) ?? credential ?? verifying;
  if (!field || !['SIMPLE', 'MUTUAL'].includes(tls.mode)) return;
  at.at(field).error({
    code: 'ADMIT427',
    actual: `${shown(tls[field])} together with insecureSkipVerify`,
    expected: 'nothing to verify the server with',
    because: 'insecureSkipVerify would ignore it',
    fix: 'remove insecureSkipVerify, so that the server is verified',
  });
}

function judgeConfigMap(at: Objections, credential: string, home: string): void {
  const [namespace, name] = credential.slice(CONFIG_MAP.length).split('/');
  if (namespace && name && (home === '' || namespace === home)) return;
  at.error({
    code: 'ADMIT428',
    actual: shown(credential),
    expected: `'${CONFIG_MAP}${home || '<namespace>'}/<name>'`,
    because: 'a ConfigMap is read from the DestinationRule\'s own namespace only',
    fix: `name a ConfigMap of the namespace${home && ` '${home}'`}`,
  });
}
