import { toldOf } from '../../../support/admission/webhook';

const toldOfServer = (tls: object) => toldOf('Gateway', { servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls }] })
  .map((line) => line.replace('spec.servers[0].', ''));
const files = { serverCertificate: 'a', privateKey: 'b' };

test.each([
  ['PASSTHROUGH as the default mode', {}, []],
  ['SIMPLE with files', { mode: 'SIMPLE', ...files }, []],
  ['SIMPLE with credentialName', { mode: 'SIMPLE', credentialName: 'a' }, []],
  ['SIMPLE with two credentialNames', { mode: 'SIMPLE', credentialNames: ['a', 'b'] }, []],
  ['SIMPLE without certificates', { mode: 'SIMPLE' }, ['ADMIT483 tls.privateKey', 'ADMIT483 tls.serverCertificate']],
  ['SIMPLE without a private key', { mode: 'SIMPLE', serverCertificate: 'a' }, ['ADMIT483 tls.privateKey']],
  ['MUTUAL with files', { mode: 'MUTUAL', caCertificates: 'c', ...files }, []],
  ['MUTUAL without a CA certificate', { mode: 'MUTUAL', ...files }, ['ADMIT483 tls.caCertificates']],
  ['OPTIONAL_MUTUAL without a CA certificate', { mode: 'OPTIONAL_MUTUAL', ...files }, ['ADMIT483 tls.caCertificates']],
  ['MUTUAL with credentialName', { mode: 'MUTUAL', credentialName: 'a' }, []],
  ['tlsCertificates', { mode: 'SIMPLE', tlsCertificates: [files, files] }, []],
  ['tlsCertificates with missing files', { mode: 'SIMPLE', tlsCertificates: [{ privateKey: 'b' }, { serverCertificate: 'a' }] },
    ['ADMIT483 tls.tlsCertificates[0].serverCertificate', 'ADMIT483 tls.tlsCertificates[1].privateKey']],
  ['credentialName beside files', { mode: 'SIMPLE', credentialName: 'a', ...files }, ['ADMIT484 tls']],
  ['credentialName beside a certificate without a key', { mode: 'SIMPLE', credentialName: 'a', serverCertificate: 'a' }, []],
  ['files beside tlsCertificates', { mode: 'SIMPLE', ...files, tlsCertificates: [files] }, ['ADMIT484 tls']],
  ['credentialName beside credentialNames', { mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] }, ['ADMIT484 tls']],
  ['caCrl with credentialName and PASSTHROUGH', { caCrl: 'a', credentialName: 'b' }, ['ADMIT487 tls.caCrl', 'warning ADMIT485 tls.caCrl', 'warning ADMIT485 tls.credentialName']],
  ['caCrl with SIMPLE', { mode: 'SIMPLE', ...files, caCrl: 'c' }, ['ADMIT487 tls.caCrl']],
  ['caCrl with MUTUAL', { mode: 'MUTUAL', ...files, caCertificates: 'c', caCrl: 'd' }, []],
  ['caCrl with SIMPLE and credentialName, which istiod ignores', { mode: 'SIMPLE', credentialName: 'a', caCrl: 'c' }, []],
  ['ISTIO_MUTUAL', { mode: 'ISTIO_MUTUAL', caCrl: 'a' }, []],
])('checks a server\'s tls: %s', (_, tls, expected) => {
  expect(toldOfServer(tls)).toEqual(expected);
});

const own = [
  ['serverCertificate', 'a'], ['privateKey', 'a'], ['caCertificates', 'a'], ['credentialName', 'a'], ['credentialNames', ['a']], ['tlsCertificates', [files]],
] as const;
test.each(own)('rejects %s with ISTIO_MUTUAL', (field, value) => {
  expect(toldOfServer({ mode: 'ISTIO_MUTUAL', [field]: value })).toEqual([`ADMIT484 tls.${field}`]);
});

test.each([...own, ['caCrl', 'a'] as const])('warns about %s with PASSTHROUGH', (field, value) => {
  for (const mode of ['PASSTHROUGH', 'AUTO_PASSTHROUGH']) expect(toldOfServer({ mode, [field]: value })).toEqual([`warning ADMIT485 tls.${field}`]);
});

const ciphers = (cipherSuites: string[], minProtocolVersion = 'TLS_AUTO') => toldOfServer({ mode: 'SIMPLE', credentialName: 'a', cipherSuites, minProtocolVersion });
test.each([
  ['a cipher suite', ['AES128-SHA', 'ECDHE-RSA-AES128-SHA'], []],
  ['all known cipher suites', ['ALL', '-AES128-SHA', '!x', '+a', ''], []],
  ['an unknown cipher suite', ['AES128-SHA', 'FOO'], ['warning ADMIT486 tls.cipherSuites[1]']],
  ['an unknown cipher suite that begins with a digit or a non-ASCII letter', ['9X', 'éA'], ['warning ADMIT486 tls.cipherSuites[0]', 'warning ADMIT486 tls.cipherSuites[1]']],
  ['a cipher suite in lower case', ['aes128-sha'], ['warning ADMIT486 tls.cipherSuites[0]']],
  ['the same cipher suite twice', ['AES128-SHA', 'AES128-SHA'], ['warning ADMIT486 tls.cipherSuites[1]']],
])('checks %s', (_, suites, expected) => {
  expect(ciphers(suites)).toEqual(expected);
});

test.each(['TLSV1_0', 'TLSV1_1'])('warns about %s without cipher suites', (version) => {
  expect(ciphers([], version)).toEqual(['warning ADMIT486 tls.minProtocolVersion']);
  expect(ciphers(['AES128-SHA'], version)).toEqual([]);
  expect(ciphers([], 'TLSV1_2')).toEqual([]);
});

const toldOfClient = (tls: object, metadata?: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { tls } }, metadata)
  .map((line) => line.replace('spec.trafficPolicy.tls', 'tls'));

test.each([
  ['no fields', {}],
  ['DISABLE with credentialName', { mode: 'DISABLE', credentialName: 'a', caCertificates: '/ca' }],
  ['SIMPLE', { mode: 'SIMPLE' }],
  ['SIMPLE with insecureSkipVerify', { mode: 'SIMPLE', insecureSkipVerify: true, sni: 'a', subjectAltNames: [] }],
  ['MUTUAL with files', { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k' }],
  ['MUTUAL with credentialName', { mode: 'MUTUAL', credentialName: 'a' }],
  ['MUTUAL with credentialName and insecureSkipVerify', { mode: 'MUTUAL', credentialName: 'a', insecureSkipVerify: true }],
  ['ISTIO_MUTUAL with files, which are ignored', { mode: 'ISTIO_MUTUAL', clientCertificate: '/c', insecureSkipVerify: true, caCertificates: '/ca' }],
  ['a ConfigMap of its own namespace', { mode: 'SIMPLE', credentialName: 'configmap://prod/ca' }],
])('accepts a client\'s tls: %s', (_, tls) => {
  expect(toldOfClient(tls)).toEqual([]);
});

test.each([
  ['MUTUAL without a certificate', { mode: 'MUTUAL' }, ['ADMIT426 tls.clientCertificate', 'ADMIT426 tls.privateKey']],
  ['MUTUAL without a key', { mode: 'MUTUAL', clientCertificate: '/c' }, ['ADMIT426 tls.privateKey']],
  ['MUTUAL with an empty certificate', { mode: 'MUTUAL', clientCertificate: '', privateKey: '/k' }, ['ADMIT426 tls.clientCertificate']],
  ['a CA certificate beside credentialName', { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/ca' }, ['ADMIT427 tls.caCertificates']],
  ['a CRL beside credentialName', { mode: 'SIMPLE', credentialName: 'a', caCrl: '/crl' }, ['ADMIT427 tls.caCrl']],
  ['a private key beside credentialName', { mode: 'MUTUAL', credentialName: 'a', privateKey: '/k' }, ['ADMIT427 tls.privateKey']],
  ['a certificate beside credentialName', { mode: 'MUTUAL', credentialName: 'a', clientCertificate: '/c' }, ['ADMIT427 tls.clientCertificate']],
  ['a CA certificate beside insecureSkipVerify', { mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: '/ca' }, ['ADMIT427 tls.caCertificates']],
  ['credentialName with insecureSkipVerify', { mode: 'SIMPLE', insecureSkipVerify: true, credentialName: 'a' }, ['ADMIT427 tls.credentialName']],
  ['subjectAltNames with insecureSkipVerify', { mode: 'MUTUAL', credentialName: 'a', insecureSkipVerify: true, subjectAltNames: ['a'] }, ['ADMIT427 tls.subjectAltNames']],
  ['a ConfigMap of another namespace', { credentialName: 'configmap://other/ca' }, ['ADMIT428 tls.credentialName']],
  ['a ConfigMap without a namespace', { credentialName: 'configmap://ca' }, ['ADMIT428 tls.credentialName']],
  ['a ConfigMap without a name', { credentialName: 'configmap://prod/' }, ['ADMIT428 tls.credentialName']],
])('rejects a client\'s tls: %s', (_, tls, expected) => {
  expect(toldOfClient(tls)).toEqual(expected);
});

test('accepts a ConfigMap of any namespace if the rule\'s own is unknown', () => {
  expect(toldOfClient({ credentialName: 'configmap://any/ca' }, { namespace: undefined })).toEqual([]);
});
