import { ClientCredential, ClientTls, Destination, TlsOptions } from '../../../src/index';
import { schemaViolations } from '../../support/admission/schema';
import { chartIn, only, synth } from '../../support/constructs/charts';

const FILES = { clientCertificate: '/etc/bank/tls.crt', privateKey: '/etc/bank/tls.key' };
const SECRET = ClientCredential.secret('bank', { gatewaysOnly: true });

/** The tls of a DestinationRule in namespace shop. */
function rendered(tls: ClientTls): any {
  const chart = chartIn('shop');
  new Destination(chart, 'bank', { host: 'api.bank.example', tls });
  const rule = only(synth(chart), 'DestinationRule');
  expect(schemaViolations(rule)).toEqual([]);
  return rule.spec.trafficPolicy.tls;
}

describe('the tls block', () => {
  test.each([
    ['ISTIO_MUTUAL', ClientTls.istioMutual(), { mode: 'ISTIO_MUTUAL' }],
    ['ISTIO_MUTUAL with names', ClientTls.istioMutual({ sni: 'a', subjectAltNames: ['spiffe://x'] }), { mode: 'ISTIO_MUTUAL', sni: 'a', subjectAltNames: ['spiffe://x'] }],
    ['DISABLE', ClientTls.disable(), { mode: 'DISABLE' }],
    ['SIMPLE', ClientTls.simple(), { mode: 'SIMPLE' }],
    ['SIMPLE with files', ClientTls.simple({ caCertificates: '/ca', caCrl: '/crl' }), { mode: 'SIMPLE', caCertificates: '/ca', caCrl: '/crl' }],
    ['SIMPLE with a Secret', ClientTls.simpleByCredential(SECRET), { mode: 'SIMPLE', credentialName: 'bank' }],
    ['SIMPLE with a ConfigMap', ClientTls.simpleByCredential(ClientCredential.configMap('ca')), { mode: 'SIMPLE', credentialName: 'configmap://shop/ca' }],
    ['SIMPLE without verification', ClientTls.simple({ insecureSkipVerify: true }), { mode: 'SIMPLE', insecureSkipVerify: true }],
    ['MUTUAL with files', ClientTls.mutual({ ...FILES, caCertificates: '/ca', caCrl: '/crl' }), { mode: 'MUTUAL', ...FILES, caCertificates: '/ca', caCrl: '/crl' }],
    ['MUTUAL with a Secret', ClientTls.mutualByCredential(SECRET), { mode: 'MUTUAL', credentialName: 'bank' }],
    ['ISTIO_MUTUAL with explicit verification', ClientTls.istioMutual({ insecureSkipVerify: false }), { mode: 'ISTIO_MUTUAL', insecureSkipVerify: false }],
    ['MUTUAL with a Secret and without verification', ClientTls.mutualByCredential(SECRET, { insecureSkipVerify: true }), { mode: 'MUTUAL', credentialName: 'bank', insecureSkipVerify: true }],
  ])('of %s has only the given fields', (_, tls, expected) => {
    const tlsSettings = rendered(tls);
    expect(tlsSettings).toEqual(expected);
    expect(Object.keys(tlsSettings).sort()).toEqual(Object.keys(expected).sort());
  });
});

describe('the names that the server must prove', () => {
  test.each([
    ['SIMPLE', ClientTls.simple({ sni: 'api.bank.example' })],
    ['MUTUAL', ClientTls.mutual({ ...FILES, sni: 'api.bank.example' })],
  ])('default to the sni of %s, since Istio verifies no names by itself', (_, tls) => {
    expect(rendered(tls)).toMatchObject({ sni: 'api.bank.example', subjectAltNames: ['api.bank.example'] });
  });

  test('come from the user if set', () => {
    expect(rendered(ClientTls.simple({ sni: 'a.example', subjectAltNames: ['b.example'] })).subjectAltNames).toEqual(['b.example']);
    expect(rendered(ClientTls.simple({ sni: 'a.example', subjectAltNames: [] })).subjectAltNames).toEqual([]);
  });

  test('are absent with insecureSkipVerify, and for ISTIO_MUTUAL, where Istio sets them', () => {
    expect(rendered(ClientTls.simple({ sni: 'a.example', insecureSkipVerify: true }))).not.toHaveProperty('subjectAltNames');
    expect(rendered(ClientTls.istioMutual({ sni: 'a.example' }))).not.toHaveProperty('subjectAltNames');
  });
});

describe('a Destination refuses', () => {
  const use = (tls: ClientTls) => () => new Destination(chartIn('shop'), 'bank', { host: 'api.bank.example', tls });

  test.each<[string, any, string]>([
    ['neither certificate nor key', {}, 'clientCertificate'],
    ['a certificate without a key', { clientCertificate: '/c' }, 'privateKey'],
    ['a certificate with an empty key', { clientCertificate: '/c', privateKey: '' }, 'privateKey'],
    ['a key without a certificate', { privateKey: '/k' }, 'clientCertificate'],
  ])('MUTUAL with %s', (_, options, field) => {
    expect(use(ClientTls.mutual(options))).toThrow(
      `DestinationRule (test/bank): tls.${field} is missing; expected a file, because without a certificate, Istio sends plaintext. Fix: pass both files, or use ClientTls.mutualByCredential, or ClientTls.istioMutual() for the mesh's certificates. [API023]`,
    );
  });

  test.each(['caCertificates', 'caCrl'])('a credential together with %s', (field) => {
    for (const tls of [ClientTls.mutualByCredential(SECRET, { [field]: '/f' }), ClientTls.simpleByCredential(SECRET, { [field]: '/f' })]) {
      expect(use(tls)).toThrow(`DestinationRule (test/bank): tls.${field} is given together with a credential; expected either files or a credential`);
      expect(use(tls)).toThrow('[API024]');
    }
  });

  test.each([
    ['insecureSkipVerify', { insecureSkipVerify: true }],
    ['caCertificates', { caCertificates: '/ca' }],
    ['caCrl', { caCrl: '/crl' }],
    ['clientCertificate', FILES as TlsOptions],
    ['privateKey', { privateKey: '/k' } as TlsOptions],
    ['credential', { credential: SECRET } as TlsOptions],
  ])('ISTIO_MUTUAL with %s', (field, options) => {
    expect(use(ClientTls.istioMutual(options))).toThrow(
      `DestinationRule (test/bank): tls.${field} is given for mode ISTIO_MUTUAL; expected only sni and subjectAltNames, because clients present and verify the mesh's certificates, and Istio would ignore it. Fix: remove it, or use ClientTls.mutual for your own certificates. [API024]`,
    );
  });

  test.each([['clientCertificate', FILES], ['privateKey', { privateKey: '/k' }]])('SIMPLE with %s, which JavaScript may pass', (field, options) => {
    expect(use(ClientTls.simple(options as TlsOptions))).toThrow(
      `DestinationRule (test/bank): tls.${field} is given for mode SIMPLE; expected only options that verify the server, because the client presents no certificate, and Istio would ignore it.`,
    );
  });

  test.each(['caCertificates', 'caCrl'])('MUTUAL with a credential, files and %s, as JavaScript may pass them', (field) => {
    expect(use(ClientTls.mutual({ ...FILES, credential: SECRET, [field]: '/f' } as any))).toThrow('DestinationRule (test/bank): tls.clientCertificate is given together with a credential; expected either files or a credential, because istiod rejects the combination.');
    expect(use(ClientTls.mutual({ credential: SECRET, [field]: '/f' } as any))).toThrow(new RegExp(`tls.${field} is given together with a credential.*\\[API024\\]`));
  });

  test.each([
    ['SIMPLE', 'caCertificates', ClientTls.simple({ insecureSkipVerify: true, caCertificates: '/ca' })],
    ['SIMPLE', 'caCrl', ClientTls.simple({ insecureSkipVerify: true, caCrl: '/crl' })],
    ['SIMPLE', 'subjectAltNames', ClientTls.simple({ insecureSkipVerify: true, subjectAltNames: ['a'] })],
    ['SIMPLE from JavaScript', 'credential', ClientTls.simple({ insecureSkipVerify: true, credential: SECRET } as any)],
    ['SIMPLE', 'credential', ClientTls.simpleByCredential(SECRET, { insecureSkipVerify: true })],
    ['MUTUAL with files', 'caCertificates', ClientTls.mutual({ ...FILES, insecureSkipVerify: true, caCertificates: '/ca' })],
    ['MUTUAL with files', 'subjectAltNames', ClientTls.mutual({ ...FILES, insecureSkipVerify: true, subjectAltNames: [] })],
    ['MUTUAL with a credential', 'subjectAltNames', ClientTls.mutualByCredential(SECRET, { insecureSkipVerify: true, subjectAltNames: ['a'] })],
  ])('%s, together with insecureSkipVerify and %s', (_, field, tls) => {
    expect(use(tls)).toThrow(`DestinationRule (test/bank): tls.insecureSkipVerify is true together with ${field}; expected only one of them`);
    expect(use(tls)).toThrow('[API025]');
  });

  test('MUTUAL with a ConfigMap, which has no key', () => {
    expect(use(ClientTls.mutualByCredential(ClientCredential.configMap('ca')))).toThrow(/\(test\/bank\): tls.credentialName is a ConfigMap with mode MUTUAL; expected a Secret.*\[API027\]/);
  });

  test.each([
    ['that is empty', ''], ['in uppercase', 'Bank'], ['with a namespace', 'ns/bank'], ['with the prefix kubernetes://', 'kubernetes://bank'],
    ['with the prefix configmap://', 'configmap://ns/bank'], ['that begins with a dash', '-bank'], ['of 254 characters', 'a'.repeat(254)],
  ])('a credential name %s', (_, name) => {
    expect(use(ClientTls.simpleByCredential(ClientCredential.secret(name)))).toThrow(/DestinationRule \(test\/bank\): tls.credentialName is '.*; expected the name of a Secret, because the library adds prefix/);
    expect(use(ClientTls.simpleByCredential(ClientCredential.configMap(name)))).toThrow(/expected the name of a ConfigMap.*\[API027\]/);
  });

  test('MUTUAL with an empty key for a port or a subset too', () => {
    const tls = ClientTls.mutual({ clientCertificate: '/c', privateKey: '' });
    expect(() => new Destination(chartIn('shop'), 'bank', { host: 'a.example', ports: [{ port: 443, tls }] })).toThrow(/\(test\/bank\): tls.privateKey is missing.*\[API023\]/);
    expect(() => new Destination(chartIn('shop'), 'bank', { host: 'a.example', subsets: [{ name: 'v1', tls }] })).toThrow(/\(test\/bank\): tls.privateKey is missing.*\[API023\]/);
  });
});
