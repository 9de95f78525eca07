import { ClientTLSSettings, ServerTLSSettings, TLSCertificate } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { isFilled } from '../decoded';

const CERTIFICATE_FIELDS = ['serverCertificate', 'privateKey', 'caCertificates', 'tlsCertificates', 'credentialName',
  'credentialNames'] as const;
const PASSTHROUGH = ['PASSTHROUGH', 'AUTO_PASSTHROUGH'];

/** The mode of a server's TLS; the default is PASSTHROUGH. */
function serverTlsMode(tls: ServerTLSSettings): string {
  return tls.mode ?? 'PASSTHROUGH';
}

/** Whether the server passes TLS through. */
export function isPassthrough(tls: ServerTLSSettings): boolean {
  return PASSTHROUGH.includes(serverTlsMode(tls));
}

/** Rejects TLS settings of a Gateway's or Sidecar's server that contradict their mode or each other. */
export function judgeServerTls(at: Objections, tls: ServerTLSSettings): void {
  warnOfCiphers(at, tls);
  if (serverTlsMode(tls) === 'ISTIO_MUTUAL') {
    filled(tls, CERTIFICATE_FIELDS).forEach((field) => objectToCertificate(at.at(field), tls[field]));
    return;
  }
  if (isPassthrough(tls)) warnOfIgnored(at, tls);
  judgeCertificates(at, tls);
}

function filled<Field extends string>(tls: { readonly [field in Field]?: string | readonly unknown[] }, fields: readonly Field[]): Field[] {
  return fields.filter((field) => isFilled(tls[field]));
}

function objectToCertificate(at: Objections, value: unknown): void {
  at.error({
    code: 'ADMIT484',
    actual: `${shown(value)} with mode 'ISTIO_MUTUAL'`,
    expected: 'no custom certificate with that mode',
    because: 'ISTIO_MUTUAL uses the certificates that istiod issues',
    fix: 'remove the field, or set mode MUTUAL to use custom certificates',
  });
}

function warnOfIgnored(at: Objections, tls: ServerTLSSettings): void {
  filled(tls, [...CERTIFICATE_FIELDS, 'caCrl'] as const).forEach((field) => at.at(field).warning({
    code: 'ADMIT485',
    actual: `${shown(tls[field])} with mode '${serverTlsMode(tls)}'`,
    expected: 'no certificates with that mode',
    because: 'the connection is passed through without terminating TLS, so they are ignored',
    fix: 'remove the field, or set mode SIMPLE or MUTUAL to terminate TLS here',
  }));
}

const SERVING: readonly (string | undefined)[] = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'];

/** Rejects certificates from two sources, and none where the mode needs one. */
function judgeCertificates(at: Objections, tls: ServerTLSSettings): void {
  judgeOneSource(at, tls);
  const serving = SERVING.includes(tls.mode);
  if (serving && (tls.credentialName || tls.credentialNames?.length)) return;
  if (serving) judgeServing(at, tls);
  if (tls.caCrl) judgeRevocation(at.at('caCrl'), tls);
}

function judgeOneSource(at: Objections, tls: ServerTLSSettings): void {
  const sources: string[] = filled(tls, ['credentialName', 'credentialNames', 'tlsCertificates'] as const);
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

function judgeServing(at: Objections, tls: ServerTLSSettings): void {
  if (tls.mode !== 'SIMPLE' && !tls.caCertificates) {
    objectToMissing(at.at('caCertificates'), tls.mode, 'the CA certificates that verify clients', 'set the CA file or credentialName');
  }
  if (tls.tlsCertificates?.length) {
    tls.tlsCertificates.forEach((certificate, index) => judgeCertificate(at.at('tlsCertificates', index), certificate, tls.mode));
  } else {
    judgeCertificate(at, tls, tls.mode);
  }
}

function judgeCertificate(at: Objections, certificate: TLSCertificate, mode: string | undefined): void {
  for (const field of ['serverCertificate', 'privateKey'] as const) {
    if (!certificate[field]) {
      objectToMissing(at.at(field), mode, 'a certificate to present to clients',
        'set credentialName, or both serverCertificate and privateKey');
    }
  }
}

function objectToMissing(at: Objections, mode: string | undefined, expected: string, fix: string): void {
  at.error({ code: 'ADMIT483', actual: `missing with mode '${mode}'`, expected, because: 'TLS can\'t be terminated without it', fix });
}

function judgeRevocation(at: Objections, tls: ServerTLSSettings): void {
  if (!tls.credentialName && tls.mode !== 'SIMPLE') return;
  at.error({
    code: 'ADMIT487',
    actual: `${shown(tls.caCrl)} with ${tls.credentialName ? 'credentialName' : 'mode \'SIMPLE\''}`,
    expected: 'a revocation list only with mode MUTUAL or OPTIONAL_MUTUAL and certificates in files',
    because: tls.credentialName ? 'the Secret itself holds the list' : 'a SIMPLE server checks no client certificates',
    fix: tls.credentialName ? 'put the list into the Secret under ca.crl' : 'remove caCrl, or write mode MUTUAL',
  });
}

/** The suites of Envoy's TLS library, without those for pre-shared keys. */
const CIPHER_SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA',
];
const OLD: readonly (string | undefined)[] = ['TLSV1_0', 'TLSV1_1'];

/** Warns of ignored cipher suites, and of an old TLS version without the suites it needs. */
function warnOfCiphers(at: Objections, tls: ServerTLSSettings): void {
  const suites = tls.cipherSuites ?? [];
  if (OLD.includes(tls.minProtocolVersion) && suites.length === 0) {
    at.at('minProtocolVersion').warning({
      code: 'ADMIT486',
      actual: `${shown(tls.minProtocolVersion)} without cipherSuites`,
      expected: 'cipherSuites that such an old version can use',
      because: 'the default suites require TLS 1.2 or newer',
      fix: 'write TLSV1_2, or list suites such as \'ECDHE-RSA-AES128-SHA\'',
    });
  }
  suites.forEach((suite, index) => {
    const place = at.at('cipherSuites', index);
    if (!isCipherSuite(suite)) {
      warnOfSuite(place, suite, `one of ${CIPHER_SUITES.join(', ')}`, 'Envoy doesn\'t know it, so it is ignored');
    } else if (suites.indexOf(suite) < index) {
      warnOfSuite(place, suite, 'each suite once', 'the second one is ignored');
    }
  });
}

function warnOfSuite(at: Objections, suite: string, expected: string, because: string): void {
  at.warning({ code: 'ADMIT486', actual: shown(suite), expected, because, fix: 'remove or correct the entry' });
}

/** A value that doesn't start with a letter or digit, such as `-ALL`, is an expression and isn't checked. */
function isCipherSuite(suite: string): boolean {
  if (suite === '' || suite === 'ALL' || CIPHER_SUITES.includes(suite)) return true;
  return !/[\p{L}\p{N}]/u.test(String.fromCharCode(Buffer.from(suite)[0]));
}

const CONFIG_MAP = 'configmap://';
const FILES = ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'] as const;

/** Rejects a client's TLS settings that lack a certificate or exclude each other; `namespace` is empty if unknown. */
export function judgeClientTls(at: Objections, tls: ClientTLSSettings | undefined, namespace: string): void {
  if (!tls) return;
  if (tls.credentialName?.startsWith(CONFIG_MAP)) judgeConfigMap(at.at('credentialName'), tls.credentialName, namespace);
  if (tls.insecureSkipVerify) judgeSkippedVerification(at, tls);
  const ownCertificates = tls.mode === 'SIMPLE' || tls.mode === 'MUTUAL';
  if (ownCertificates && tls.credentialName) judgeFilesBesideCredential(at, tls);
  else if (tls.mode === 'MUTUAL') judgeClientCertificate(at, tls);
}

function judgeClientCertificate(at: Objections, tls: ClientTLSSettings): void {
  for (const field of ['clientCertificate', 'privateKey'] as const) {
    if (tls[field]) continue;
    at.at(field).error({
      code: 'ADMIT426',
      actual: shown(tls[field]),
      expected: 'a file, or credentialName in its place',
      because: 'with mode MUTUAL the client shows a certificate of its own',
      fix: 'name clientCertificate and privateKey, or credentialName, or use ISTIO_MUTUAL for mesh certificates',
    });
  }
}

function judgeFilesBesideCredential(at: Objections, tls: ClientTLSSettings): void {
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

function judgeSkippedVerification(at: Objections, tls: ClientTLSSettings): void {
  if (tls.mode !== 'SIMPLE' && tls.mode !== 'MUTUAL') return;
  const verifying = isFilled(tls.subjectAltNames) ? 'subjectAltNames' : undefined;
  const credential = tls.mode === 'SIMPLE' && tls.credentialName ? 'credentialName' : undefined;
  const field = (tls.caCertificates ? 'caCertificates' : undefined) ?? credential ?? verifying;
  if (!field) return;
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
