import { toldOf } from '../../../support/admission/webhook';

const toldOfServer = (tls: object) => toldOf('Gateway', { servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls }] })
  .map((line) => line.replace('spec.servers[0].', ''));
const files = { serverCertificate: 'a', privateKey: 'b' };

test.each([
  ['PASSTHROUGH, the default', {}, []],
  ['SIMPLE with files', { mode: 'SIMPLE', ...files }, []],
  ['SIMPLE with a Secret', { mode: 'SIMPLE', credentialName: 'a' }, []],
  ['SIMPLE with two Secrets', { mode: 'SIMPLE', credentialNames: ['a', 'b'] }, []],
  ['SIMPLE with nothing', { mode: 'SIMPLE' }, ['ADMIT483 tls.privateKey', 'ADMIT483 tls.serverCertificate']],
  ['SIMPLE without key', { mode: 'SIMPLE', serverCertificate: 'a' }, ['ADMIT483 tls.privateKey']],
  ['MUTUAL with files', { mode: 'MUTUAL', caCertificates: 'c', ...files }, []],
  ['MUTUAL without CA', { mode: 'MUTUAL', ...files }, ['ADMIT483 tls.caCertificates']],
  ['OPTIONAL_MUTUAL without CA', { mode: 'OPTIONAL_MUTUAL', ...files }, ['ADMIT483 tls.caCertificates']],
  ['MUTUAL with a Secret', { mode: 'MUTUAL', credentialName: 'a' }, []],
  ['a list of files', { mode: 'SIMPLE', tlsCertificates: [files, files] }, []],
  ['a list of files with gaps', { mode: 'SIMPLE', tlsCertificates: [{ privateKey: 'b' }, { serverCertificate: 'a' }] },
    ['ADMIT483 tls.tlsCertificates[0].serverCertificate', 'ADMIT483 tls.tlsCertificates[1].privateKey']],
  ['a Secret and files', { mode: 'SIMPLE', credentialName: 'a', ...files }, ['ADMIT484 tls']],
  ['a Secret and a certificate without key', { mode: 'SIMPLE', credentialName: 'a', serverCertificate: 'a' }, []],
  ['files and a list of files', { mode: 'SIMPLE', ...files, tlsCertificates: [files] }, ['ADMIT484 tls']],
  ['a Secret and Secrets', { mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] }, ['ADMIT484 tls']],
  ['revocations with a Secret and PASSTHROUGH', { caCrl: 'a', credentialName: 'b' }, ['ADMIT487 tls.caCrl', 'warning ADMIT485 tls.caCrl', 'warning ADMIT485 tls.credentialName']],
  ['revocations with SIMPLE', { mode: 'SIMPLE', ...files, caCrl: 'c' }, ['ADMIT487 tls.caCrl']],
  ['revocations with MUTUAL', { mode: 'MUTUAL', ...files, caCertificates: 'c', caCrl: 'd' }, []],
  ['revocations with SIMPLE and a Secret, which istiod doesn\'t look at', { mode: 'SIMPLE', credentialName: 'a', caCrl: 'c' }, []],
  ['ISTIO_MUTUAL', { mode: 'ISTIO_MUTUAL', caCrl: 'a' }, []],
])('judges %s', (_, tls, expected) => {
  expect(toldOfServer(tls)).toEqual(expected);
});

const own = [
  ['serverCertificate', 'a'], ['privateKey', 'a'], ['caCertificates', 'a'], ['credentialName', 'a'], ['credentialNames', ['a']], ['tlsCertificates', [files]],
] as const;
test.each(own)('refuses %s with ISTIO_MUTUAL', (field, value) => {
  expect(toldOfServer({ mode: 'ISTIO_MUTUAL', [field]: value })).toEqual([`ADMIT484 tls.${field}`]);
});

test.each([...own, ['caCrl', 'a'] as const])('warns of %s with PASSTHROUGH', (field, value) => {
  for (const mode of ['PASSTHROUGH', 'AUTO_PASSTHROUGH']) expect(toldOfServer({ mode, [field]: value })).toEqual([`warning ADMIT485 tls.${field}`]);
});

const ciphers = (cipherSuites: string[], minProtocolVersion = 'TLS_AUTO') => toldOfServer({ mode: 'SIMPLE', credentialName: 'a', cipherSuites, minProtocolVersion });
test.each([
  ['a suite', ['AES128-SHA', 'ECDHE-RSA-AES128-SHA'], []],
  ['all suites', ['ALL', '-AES128-SHA', '!x', '+a', ''], []],
  ['an unknown suite', ['AES128-SHA', 'FOO'], ['warning ADMIT486 tls.cipherSuites[1]']],
  ['an unknown suite that starts with a digit or a letter beyond ASCII', ['9X', 'éA'], ['warning ADMIT486 tls.cipherSuites[0]', 'warning ADMIT486 tls.cipherSuites[1]']],
  ['a suite in small letters', ['aes128-sha'], ['warning ADMIT486 tls.cipherSuites[0]']],
  ['a suite twice', ['AES128-SHA', 'AES128-SHA'], ['warning ADMIT486 tls.cipherSuites[1]']],
])('judges %s', (_, suites, expected) => {
  expect(ciphers(suites)).toEqual(expected);
});

test.each(['TLSV1_0', 'TLSV1_1'])('warns of %s without suites', (version) => {
  expect(ciphers([], version)).toEqual(['warning ADMIT486 tls.minProtocolVersion']);
  expect(ciphers(['AES128-SHA'], version)).toEqual([]);
  expect(ciphers([], 'TLSV1_2')).toEqual([]);
});

const toldOfClient = (tls: object, metadata?: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { tls } }, metadata)
  .map((line) => line.replace('spec.trafficPolicy.tls', 'tls'));

test.each([
  ['nothing', {}],
  ['DISABLE with a credential', { mode: 'DISABLE', credentialName: 'a', caCertificates: '/ca' }],
  ['SIMPLE', { mode: 'SIMPLE' }],
  ['SIMPLE unverified', { mode: 'SIMPLE', insecureSkipVerify: true, sni: 'a', subjectAltNames: [] }],
  ['MUTUAL by files', { mode: 'MUTUAL', clientCertificate: '/c', privateKey: '/k' }],
  ['MUTUAL by Secret', { mode: 'MUTUAL', credentialName: 'a' }],
  ['MUTUAL by Secret unverified', { mode: 'MUTUAL', credentialName: 'a', insecureSkipVerify: true }],
  ['ISTIO_MUTUAL with files, which are ignored', { mode: 'ISTIO_MUTUAL', clientCertificate: '/c', insecureSkipVerify: true, caCertificates: '/ca' }],
  ['a ConfigMap of its own', { mode: 'SIMPLE', credentialName: 'configmap://prod/ca' }],
])('admits %s', (_, tls) => {
  expect(toldOfClient(tls)).toEqual([]);
});

test.each([
  ['MUTUAL without a certificate', { mode: 'MUTUAL' }, ['ADMIT426 tls.clientCertificate', 'ADMIT426 tls.privateKey']],
  ['MUTUAL without a key', { mode: 'MUTUAL', clientCertificate: '/c' }, ['ADMIT426 tls.privateKey']],
  ['MUTUAL with an empty certificate', { mode: 'MUTUAL', clientCertificate: '', privateKey: '/k' }, ['ADMIT426 tls.clientCertificate']],
  ['a CA beside a Secret', { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/ca' }, ['ADMIT427 tls.caCertificates']],
  ['a CRL beside a Secret', { mode: 'SIMPLE', credentialName: 'a', caCrl: '/crl' }, ['ADMIT427 tls.caCrl']],
  ['a key beside a Secret', { mode: 'MUTUAL', credentialName: 'a', privateKey: '/k' }, ['ADMIT427 tls.privateKey']],
  ['a certificate beside a Secret', { mode: 'MUTUAL', credentialName: 'a', clientCertificate: '/c' }, ['ADMIT427 tls.clientCertificate']],
  ['a CA that isn\'t asked', { mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: '/ca' }, ['ADMIT427 tls.caCertificates']],
  ['a Secret that isn\'t asked', { mode: 'SIMPLE', insecureSkipVerify: true, credentialName: 'a' }, ['ADMIT427 tls.credentialName']],
  ['names that aren\'t asked', { mode: 'MUTUAL', credentialName: 'a', insecureSkipVerify: true, subjectAltNames: ['a'] }, ['ADMIT427 tls.subjectAltNames']],
  ['a ConfigMap of another', { credentialName: 'configmap://other/ca' }, ['ADMIT428 tls.credentialName']],
  ['a ConfigMap of no namespace', { credentialName: 'configmap://ca' }, ['ADMIT428 tls.credentialName']],
  ['a ConfigMap without a name', { credentialName: 'configmap://prod/' }, ['ADMIT428 tls.credentialName']],
])('refuses %s', (_, tls, expected) => {
  expect(toldOfClient(tls)).toEqual(expected);
});

test('doesn\'t judge a ConfigMap\'s namespace by one that isn\'t known', () => {
  expect(toldOfClient({ credentialName: 'configmap://any/ca' }, { namespace: undefined })).toEqual([]);
});
