import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { asksIstioCsr, CaAddress, istioCsrs, serviceAt, signingIstiods, unusedCas } from '../../../src/mesh/certificates/workload-ca';
import { Mesh, MeshOptions } from '../../../src/mesh/mesh';

const meshOf = (objects: object[], options: Partial<MeshOptions> = {}) => Mesh.of(objects, { parseYaml: readYaml, ...options });
const deployment = (container: object, metadata: object = {}, others: object[] = []) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'istiod', namespace: 'istio-system', ...metadata },
  spec: { template: { spec: { containers: [...others, { name: 'discovery', ...container }] } } },
});
const configMap = (name: string, data: object, namespace = 'istio-system') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
const injector = (global: object, config = 'templates: {sidecar: ""}', name = 'istio-sidecar-injector') => configMap(name, { values: JSON.stringify({ global }), config });
const off = (value = 'false') => ({ env: [{ name: 'ENABLE_CA_SERVER', value }] });

describe('an istiod', () => {
  test.each<[string, object, boolean | undefined, string]>([
    ['without variables', {}, true, 'env'],
    ['with ENABLE_CA_SERVER false', off(), false, 'env[0].value'],
    ['with ENABLE_CA_SERVER 1', off('1'), true, 'env[0].value'],
    ['with a value that isn\'t a boolean', off('off'), true, 'env[0].value'],
    ['with the variable twice', { env: [...off().env, ...off('true').env] }, true, 'env[1].value'],
    ['with the variable from a reference', { env: [{ name: 'ENABLE_CA_SERVER', valueFrom: {} }] }, undefined, 'env[0].value'],
    ['with variables from a reference', { envFrom: [{}] }, undefined, 'env'],
    ['with the variable, and others from a reference', { ...off(), envFrom: [{}] }, false, 'env[0].value'],
  ])('%s signs certificates unless its environment turns it off', (_, container, signs, at) => {
    const [istiod] = signingIstiods(meshOf([deployment(container)]));
    expect([istiod.signs, istiod.field.slice(5).join('.').replace(/\.(\d+)/g, '[$1]')]).toEqual([signs, at]);
  });

  test('takes the option if its Deployment doesn\'t set the variable', () => {
    const signs = (container: object) => signingIstiods(meshOf([deployment(container)], { istiodEnv: { ENABLE_CA_SERVER: 'false' } }))[0].signs;
    expect([{}, { envFrom: [{}] }, off('true')].map(signs)).toEqual([false, false, true]);
  });

  test('is a Deployment of its name in its namespace', () => {
    const found = (...objects: object[]) => signingIstiods(meshOf(objects)).map(({ deployment: { name } }) => name);
    expect(found(deployment({}, { name: 'istiod-1-31' }), deployment({}, { name: 'web' }), deployment({}, { namespace: 'shop' }))).toEqual(['istiod-1-31']);
    expect(found(deployment({}, { namespace: 'mesh' }), configMap('istio', { mesh: '{}' }, 'mesh'))).toEqual(['istiod']);
  });

  test('is found if its container is missing or not the first one', () => {
    const [first, second] = signingIstiods(meshOf([deployment(off(), {}, [{ name: 'other' }]), deployment({ name: 'pilot' }, { name: 'istiod-a' })]));
    expect([first.field[4], first.signs, second.field[4], second.signs]).toEqual([1, false, 0, true]);
  });
});

describe('proxies', () => {
  const asked = (...objects: object[]) => signingIstiods(meshOf([deployment({}), ...objects]))[0].asked;
  const metadata = (proxyMetadata: object) => configMap('istio', { mesh: JSON.stringify({ defaultConfig: { proxyMetadata } }) });
  const [CSR, OTHER] = ['cert-manager-istio-csr.cert-manager.svc:443', 'ca.example.com:443'];

  test.each<[string, object[], string | undefined]>([
    ['an unknown CA', [], undefined],
    ['the CA that the injector names', [injector({ caAddress: CSR })], CSR],
    ['the CA that the mesh config names', [injector({ caAddress: CSR }), metadata({ CA_ADDR: OTHER })], OTHER],
    ['istiod if no CA is named', [injector({ caAddress: '' })], ''],
    ['an unknown CA without templates', [configMap('istio-sidecar-injector', { values: '{}' })], undefined],
    ['an unknown CA without values', [configMap('istio-sidecar-injector', { config: '{}' })], undefined],
    ['an unknown CA with a cloud provider\'s CA', [injector({ caName: 'GkeWorkloadCertificate' })], undefined],
    ['an unknown CA with a provider', [injector({}), metadata({ CA_PROVIDER: 'GoogleCAS' })], undefined],
    ['an unknown CA with a template', [injector({}, 'templates: {spire: ""}')], undefined],
    ['an unknown CA with a ProxyConfig', [injector({}), {
      apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig', metadata: { name: 'ca', namespace: 'shop' }, spec: { environmentVariables: { CA_ADDR: CSR } },
    }], undefined],
  ])('ask for certificates at %s', (_, objects, value) => {
    expect(asked(...objects)?.value).toBe(value);
  });

  test('use their revision\'s injector', () => {
    const objects = [deployment({}, { name: 'istiod-a' }), deployment({}, { name: 'istiod', labels: { 'istio.io/rev': 'b' } })];
    const found = signingIstiods(meshOf([...objects, injector({ caAddress: CSR }, '{}', 'istio-sidecar-injector-a'), injector({ caAddress: OTHER }, '{}', 'istio-sidecar-injector-b')]));
    expect(found.map((istiod) => [istiod.deployment.name, istiod.asked?.value])).toEqual([['istiod', OTHER], ['istiod-a', CSR]]);
  });

  test.each([[CSR, true], ['istio-csr.pki.svc.cluster.local:443', true], ['istiod.istio-system.svc:15012', false], [OTHER, false], ['', false]])(
    'with CA address %j ask istio-csr: %j', (value, expected) => {
      expect(asksIstioCsr({ value } as CaAddress)).toBe(expected);
    });
});

test.each<[string, object | undefined]>([
  ['a.b.svc:443', { name: 'a', namespace: 'b', port: 443 }], ['a.b.svc.cluster.local:80', { name: 'a', namespace: 'b', port: 80 }],
  ['a.b:443', undefined], ['a.b.svc', undefined], ['https://a.b.svc:443', undefined],
])('finds the Service in the address %s', (address, expected) => {
  expect(serviceAt(address)).toEqual(expected);
});

test.each<[string, object, (string | undefined)[]]>([
  ['its --trust-domain argument', { args: ['--log-level=1', '--trust-domain=a.b'] }, ['a.b']],
  ['its argument in two words', { args: ['--trust-domain', 'a.b'] }, ['a.b']],
  ['a variable, which is unknown', { args: ['--trust-domain=$(TRUST_DOMAIN)'] }, [undefined]],
  ['an argument without a value, which is unknown', { args: ['--trust-domain'] }, [undefined]],
  ['the default, without the argument', {}, ['cluster.local']],
  ['its argument, for an image with a digest', { image: 'cert-manager-istio-csr@sha256:0', args: ['--trust-domain=a.b'] }, ['a.b']],
  ['no other image', { image: 'example.com/my-cert-manager-istio-csr:1' }, []],
  ['no container without an image', { image: undefined }, []],
])('istio-csr signs for the trust domain of %s', (_, container, expected) => {
  const csr = deployment({ image: 'quay.io/jetstack/cert-manager-istio-csr:v0.14.2', ...container }, { name: 'csr' });
  expect(istioCsrs(meshOf([csr])).map(({ trustDomain }) => trustDomain)).toEqual(expected);
});

describe('Secret cacerts', () => {
  const secret = (namespace = 'istio-system') => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace } });
  const unused = (objects: object[], options: Partial<MeshOptions> = {}) => {
    const mesh = meshOf(objects, options);
    return unusedCas(mesh, signingIstiods(mesh)).map(({ object: { kind, namespace } }) => `${kind} ${namespace}`);
  };
  const told = (value: string, namespace = 'istio-system') => ({
    meshConfigs: [{ manifest: configMap('istio', { mesh: '{}' }, namespace), saidBy: 'values.yaml', env: { ENABLE_CA_SERVER: value } }],
  });

  test('is unused if the installer\'s values turn istiod\'s CA off', () => {
    expect(unused([secret()], told('false'))).toEqual(['Secret istio-system']);
    expect([unused([secret()], told('true')), unused([secret('shop')], told('false')), unused([secret()], { meshConfigs: [{ ...told('').meshConfigs[0], env: undefined }] })])
      .toEqual([[], [], []]);
  });

  test('istiod\'s Deployment and environment override the installer\'s values', () => {
    expect([unused([secret(), deployment(off('true'))], told('false')), unused([secret(), deployment(off())], told('true'))]).toEqual([[], ['Secret istio-system']]);
    expect(unused([secret()], { ...told('true'), istiodEnv: { ENABLE_CA_SERVER: 'false' } })).toEqual(['Secret istio-system']);
  });

  test('is used by an issuer of its namespace', () => {
    const issuer = (namespace: string) => ({ apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name: 'ca', namespace }, spec: { ca: { secretName: 'cacerts' } } });
    expect([unused([secret(), deployment(off()), issuer('istio-system')]), unused([secret(), deployment(off()), issuer('shop')])]).toEqual([[], ['Secret istio-system']]);
  });
});
