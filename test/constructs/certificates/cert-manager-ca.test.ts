import { Duration } from 'cdk8s';
import { CaSource, CertManagerCaProps, CertManagerIssuer, CustomCa, PrivateKeyAlgorithm, PrivateKeyRotationPolicy } from '../../../src/index';
import { chartIn, synth } from '../../support/constructs/charts';

function emit(props: CertManagerCaProps): any {
  const chart = chartIn();
  new CustomCa(chart, 'ca', { source: CaSource.certManager(props) });
  const [certificate, ...others] = synth(chart);
  expect(others).toEqual([]);
  return certificate;
}

describe('a CA of cert-manager', () => {
  test('is one Certificate cacerts for a CA, with a new key at each renewal and no extended key usage', () => {
    expect(emit({ issuer: CertManagerIssuer.clusterIssuer('company-root') })).toEqual({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'cacerts', namespace: 'istio-system' },
      spec: {
        secretName: 'cacerts',
        isCA: true,
        commonName: 'istiod-ca',
        privateKey: { rotationPolicy: 'Always' },
        usages: ['digital signature', 'cert sign', 'crl sign'],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'company-root' },
      },
    });
  });

  test('may come from an Issuer of its namespace', () => {
    expect(emit({ issuer: CertManagerIssuer.issuer('company-root') }).spec.issuerRef).toEqual({ group: 'cert-manager.io', kind: 'Issuer', name: 'company-root' });
  });

  test('snapshot', () => {
    expect(emit({
      issuer: CertManagerIssuer.issuer('company-root'),
      duration: Duration.days(90),
      renewBefore: Duration.days(30),
      privateKeyAlgorithm: PrivateKeyAlgorithm.ECDSA,
      privateKeySize: 384,
      rotationPolicy: PrivateKeyRotationPolicy.NEVER,
      commonName: 'Istio CA, cluster 1',
      organizations: ['Example'],
      usages: ['cert sign', 'server auth', 'client auth'],
    })).toMatchSnapshot();
  });

  test.each<[string, any, string]>([
    ['a missing issuer', {}, 'issuer is missing; expected a value created by CertManagerIssuer, because other values are not validated. Fix: use CertManagerIssuer. [API019]'],
    ['a string in place of an issuer', { issuer: 'company-root' }, 'issuer is a value of type string that CertManagerIssuer didn\'t create; expected a value created by CertManagerIssuer'],
    ['an issuer without a name', { issuer: CertManagerIssuer.clusterIssuer('') }, 'issuer is empty; expected the name of a Kubernetes object'],
  ])('refuses %s', (_, props, message) => {
    expect(() => emit(props)).toThrow(`Certificate 'istio-system/cacerts' (test/ca): ${message}`);
  });

  test.each([
    ['a duration below an hour', { duration: Duration.minutes(59) }, 'duration is 59m; expected at least 1h'],
    ['a renewal time below 5 minutes', { renewBefore: Duration.minutes(4) }, 'renewBefore is 4m; expected at least 5m'],
    ['a renewal time as long as the default duration', { renewBefore: Duration.days(90) }, 'renewBefore is 2160h; expected less than the duration, 2160h'],
    ['a renewal time as long as the duration', { duration: Duration.days(2), renewBefore: Duration.days(2) }, 'renewBefore is 48h; expected less than the duration, 48h'],
    ['a renewal time longer than the duration', { duration: Duration.days(2), renewBefore: Duration.days(3) }, 'renewBefore is 72h; expected less than the duration, 48h'],
  ])('refuses %s', (_, props, message) => {
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), ...props })).toThrow(`(test/ca): ${message}, because cert-manager's webhook rejects other durations.`);
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), ...props })).toThrow('[API064]');
  });

  test.each([
    ['the shortest duration and renewal time', { duration: Duration.hours(1), renewBefore: Duration.minutes(5) }, ['1h', '5m']],
    ['a duration of minutes that are no whole hours', { duration: Duration.minutes(2161), renewBefore: Duration.hours(36) }, ['2161m', '36h']],
    ['a renewal time without a duration', { renewBefore: Duration.hours(2159) }, [undefined, '2159h']],
  ])('writes %s', (_, props, times) => {
    const { spec } = emit({ issuer: CertManagerIssuer.issuer('root'), ...props });
    expect([spec.duration, spec.renewBefore]).toEqual(times);
  });

  test.each([
    ['1024 bits of the default algorithm', undefined, 1024, '1024 for RSA; expected an integer from 2048 to 8192'],
    ['256 bits of RSA', PrivateKeyAlgorithm.RSA, 256, '256 for RSA; expected an integer from 2048 to 8192'],
    ['2048.5 bits of RSA', PrivateKeyAlgorithm.RSA, 2048.5, '2048.5 for RSA; expected an integer from 2048 to 8192'],
    ['2048 bits of ECDSA', PrivateKeyAlgorithm.ECDSA, 2048, '2048 for ECDSA; expected 256, 384 or 521'],
  ])('refuses a key with %s', (_, privateKeyAlgorithm, privateKeySize, message) => {
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), privateKeyAlgorithm, privateKeySize })).toThrow(`privateKeySize is ${message}`);
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), privateKeyAlgorithm, privateKeySize })).toThrow('[API065]');
  });

  test.each([
    ['extended key usages without server auth', ['cert sign', 'client auth'], /usages is client auth; expected no extended key usages, or some with 'server auth', because istiod verifies its CA for server authentication.*\[API066\]/],
    ['an unknown usage', ['certSign'], /usages is a string of 8 characters that isn't a name; expected usages of cert-manager: signing,.*\[API066\]/],
  ])('refuses %s', (_, usages, message) => {
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), usages })).toThrow(message);
  });

  test.each(['any', 'server auth'])('may have other extended key usages beside %s', (usage) => {
    expect(emit({ issuer: CertManagerIssuer.issuer('root'), usages: ['client auth', usage] }).spec.usages).toEqual(['client auth', usage]);
  });

  test.each([
    ['an empty common name', { commonName: '' }, 'commonName is empty'],
    ['a common name of 65 characters', { commonName: 'x'.repeat(65) }, 'commonName is a text of 65 characters, not shown'],
    ['an organization of two lines', { organizations: ['a\nb'] }, 'organizations is a text of 3 characters, not shown'],
  ])('refuses %s', (_, props, message) => {
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), ...props })).toThrow(`${message}; expected one line of at most 64 characters.`);
    expect(() => emit({ issuer: CertManagerIssuer.issuer('root'), ...props })).toThrow('[API068]');
  });
});
