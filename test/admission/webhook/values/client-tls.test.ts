import { toldOf } from '../../../support/webhook';

const told = (tls: object, metadata?: object) => toldOf('DestinationRule', { host: 'reviews', trafficPolicy: { tls } }, metadata)
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
  expect(told(tls)).toEqual([]);
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
  expect(told(tls)).toEqual(expected);
});

test('doesn\'t judge a ConfigMap\'s namespace by one that isn\'t known', () => {
  expect(told({ credentialName: 'configmap://any/ca' }, { namespace: undefined })).toEqual([]);
});
