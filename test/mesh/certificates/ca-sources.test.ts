import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { caCertificates, keyedExternalSecrets, rivalBundles } from '../../../src/mesh/certificates/ca-sources';
import { Mesh } from '../../../src/mesh/mesh';

const HOUR = 3_600_000;
const meshOf = (...objects: object[]) => Mesh.of(objects, { parseYaml: readYaml });
const certificate = (spec: object, namespace = 'istio-system') => ({
  apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'ca', namespace }, spec: { secretName: 'cacerts', issuerRef: { name: 'root' }, ...spec },
});
const issuer = (kind: string, spec: object, namespace?: string) => ({ apiVersion: 'cert-manager.io/v1', kind, metadata: { name: 'root', namespace }, spec });
const [ACME, SELF_SIGNED, CA] = [{ acme: {} }, { selfSigned: {} }, { ca: { secretName: 'root' } }];

describe('Certificates', () => {
  test.each([
    [{}, 2160, 720], [{ duration: '48h' }, 48, 16], [{ duration: '24h0m0s', renewBefore: '1h30m' }, 24, 1.5], [{ renewBeforePercentage: 5 }, 2160, undefined],
    [{ duration: 'soon', renewBefore: 'later' }, 2160, 720], [{ duration: '1.5h', renewBefore: '1800s500ms' }, 1.5, 0.5 + 0.5 / 3600],
  ])('with %j, duration and renewBefore have the defaults of cert-manager', (spec, duration, renewBefore) => {
    const [read] = caCertificates(meshOf(certificate(spec)));
    expect([read.duration / HOUR, read.renewBefore === undefined ? undefined : read.renewBefore / HOUR]).toEqual([duration, renewBefore]);
  });

  test('are listed if istiod reads their Secret', () => {
    expect(caCertificates(meshOf(certificate({ secretName: 'web-tls' })))).toEqual([]);
    expect(caCertificates(meshOf(certificate({}, 'shop')))).toEqual([]);
    expect(caCertificates(meshOf(certificate({ isCA: true, usages: ['cert sign'], privateKey: { rotationPolicy: 'Never' } })))[0])
      .toMatchObject({ isCa: true, usages: ['cert sign'], rotationPolicy: 'Never', issuer: { kind: 'Issuer', name: 'root' } });
  });

  test.each<[string, object, object, string | undefined]>([
    ['in the same namespace', { name: 'root' }, issuer('Issuer', ACME, 'istio-system'), 'acme'],
    ['of type selfSigned', { name: 'root' }, issuer('Issuer', SELF_SIGNED, 'istio-system'), 'selfSigned'],
    ['in another namespace', { name: 'root' }, issuer('Issuer', ACME, 'shop'), undefined],
    ['of kind ClusterIssuer', { kind: 'ClusterIssuer', name: 'root' }, issuer('ClusterIssuer', ACME), 'acme'],
    ['of type ca', { kind: 'ClusterIssuer', name: 'root' }, issuer('ClusterIssuer', CA), undefined],
    ['of another kind', { kind: 'ClusterIssuer', name: 'root' }, issuer('Issuer', ACME, 'istio-system'), undefined],
    ['of another group', { group: 'awspca.cert-manager.io', name: 'root' }, issuer('Issuer', ACME, 'istio-system'), undefined],
    ['without a name', {}, issuer('Issuer', ACME, 'istio-system'), undefined],
  ])('know the type of an issuer only if it is found: %s', (_, issuerRef, object, expected) => {
    expect(caCertificates(meshOf(certificate({ issuerRef }), object))[0].issuerType).toBe(expected);
  });
});

describe('ExternalSecrets', () => {
  const externalSecret = (spec: object, name = 'cacerts') => ({ apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name, namespace: 'istio-system' }, spec });
  const data = [{ secretKey: 'ca-cert.pem' }, { secretKey: 'ca-key.pem' }, {}];

  test.each<[string, object, string[][]]>([
    ['of single keys', externalSecret({ data }), [['ca-cert.pem', 'ca-key.pem']]],
    ['with a target named cacerts', externalSecret({ data, target: { name: 'cacerts' } }, 'vault'), [['ca-cert.pem', 'ca-key.pem']]],
    ['with another target', externalSecret({ data, target: { name: 'other' } }), []],
    ['with dataFrom as well', externalSecret({ data, dataFrom: [{ extract: { key: 'x' } }] }), []],
    ['with a template', externalSecret({ data, target: { template: {} } }), []],
    ['with creationPolicy Merge', externalSecret({ data, target: { creationPolicy: 'Merge' } }), []],
  ])('are known if they write only listed keys: %s', (_, object, expected) => {
    expect(keyedExternalSecrets(meshOf(object)).map(({ keys }) => keys)).toEqual(expected);
  });
});

test('a Bundle conflicts with istiod if it writes ConfigMaps named istio-ca-root-cert', () => {
  const bundle = (name: string, target: object) => ({ apiVersion: 'trust.cert-manager.io/v1alpha1', kind: 'Bundle', metadata: { name }, spec: { target } });
  const rivals = rivalBundles(meshOf(bundle('istio-ca-root-cert', { configMap: {} }), bundle('roots', { configMap: {} })));
  expect(rivals.map(({ namespace, name }) => [namespace, name])).toEqual([['', 'istio-ca-root-cert']]);
  expect(rivalBundles(meshOf(bundle('istio-ca-root-cert', { secret: {} })))).toEqual([]);
});
