import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { caField, knownTrustDomain, pluggedCas } from '../../../src/mesh/certificates/plugged-ca';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { Mesh, MeshOptions } from '../../../src/mesh/mesh';

const KEYS = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];
const filled = (names: readonly string[], text = 'x') => Object.fromEntries(names.map((name) => [name, text]));
const secret = (fields: object, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system', ...metadata }, ...fields });
const configMap = (namespace: string, mesh = 'trustDomain: example.org') => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace }, data: { mesh } });
const meshOf = (objects: readonly object[], options: Partial<MeshOptions> = {}) => Mesh.of(objects, { parseYaml: readYaml, ...options });
const found = (objects: readonly object[], options?: Partial<MeshOptions>) =>
  pluggedCas(meshOf(objects, options)).map(({ object: { namespace } }) => namespace);

test('the Secret of istiod\'s namespace is a CA', () => {
  expect(found([secret({ stringData: filled(KEYS) })])).toEqual(['istio-system']);
  expect(found([secret({ stringData: filled(['tls.crt', 'tls.key', 'ca.crt']) })])).toEqual(['istio-system']);
});

test.each<[string, object]>([
  ['of another name', secret({ stringData: filled(KEYS) }, { name: 'cacert' })],
  ['in another namespace', secret({ stringData: filled(KEYS) }, { namespace: 'shop' })],
  ['without a key', secret({ stringData: filled(KEYS.slice(1)) })],
  ['without data', secret({})],
  ['with a list as data', secret({ data: 'x' })],
  ['of another API', { ...secret({ stringData: filled(KEYS) }), apiVersion: 'example.com/v1' }],
  ['without a name', secret({ stringData: filled(KEYS) }, { name: undefined })],
])('a Secret %s isn\'t a plugged-in CA', (_, object) => {
  expect(found([object])).toEqual([]);
});

test('istiod\'s namespace is the option\'s, or that of its mesh config', () => {
  const elsewhere = secret({ stringData: filled(KEYS) }, { namespace: 'mesh' });
  expect(found([elsewhere], { istiodNamespace: 'mesh' })).toEqual(['mesh']);
  expect(found([elsewhere, configMap('mesh')])).toEqual(['mesh']);
  expect(found([elsewhere, configMap('mesh')], { istiodNamespace: 'istio-system' })).toEqual([]);
});

test('values are read from data and stringData, which wins', () => {
  const data = { ...filled(KEYS, Buffer.from('of data').toString('base64')), 'ca-key.pem': 7 };
  const [ca] = pluggedCas(meshOf([secret({ data, stringData: { 'root-cert.pem': 'of stringData' } })]));
  expect(ca.files.texts).toEqual({ signing: 'of data', key: '', root: 'of stringData', chain: 'of data' });
  expect([caField(ca, 'root'), caField(ca, 'signing')]).toEqual([['stringData', 'root-cert.pem'], ['data', 'ca-cert.pem']]);
});

test('a Secret with cert-manager\'s annotation is renewed', () => {
  const annotations = { 'cert-manager.io/certificate-name': 'cacerts' };
  const isRenewed = (metadata: object) => pluggedCas(meshOf([secret({ stringData: filled(KEYS) }, metadata)]))[0].isRenewed;
  expect([isRenewed({}), isRenewed({ annotations })]).toEqual([false, true]);
});

test('the trust domain comes from the mesh config or the option, or is unknown', () => {
  expect(knownTrustDomain(meshOf([configMap('istio-system')]), 'istio-system')).toBe('example.org');
  expect(knownTrustDomain(meshOf([], { trustDomain: 'example.net' }), 'istio-system')).toBe('example.net');
  expect(knownTrustDomain(meshOf([]), 'istio-system')).toBeUndefined();
});

test('a later manifest of the Secret replaces an earlier one, and the mesh\'s objects omit both', () => {
  const mesh = meshOf([secret({ stringData: filled(KEYS, 'old') }), secret({ stringData: filled(KEYS, 'new') })]);
  expect(pluggedCas(mesh).map(({ files }) => files.texts.root)).toEqual(['new']);
  expect([[...mesh.objects.all()], mesh.objects.kinds, mesh.objects.replaced, mesh.objects.of(KIND.Secret)]).toEqual([[], [], [], []]);
  expect(pluggedCas(mesh.with()).length).toBe(1);
});

describe('revocation lists', () => {
  const LISTS = secret({ stringData: { ...filled(KEYS), 'ca-crl.pem': 'lists' } });
  const istiod = (variables: readonly object[], name = 'istiod', envFrom: readonly object[] = []) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'istio-system' },
    spec: { template: { spec: { containers: [{ name: 'discovery', env: variables, envFrom }] } } },
  });
  const flag = (value: string) => [{ name: 'PILOT_ENABLE_CA_CRL', value }];
  const read = (objects: readonly object[], options?: Partial<MeshOptions>) =>
    pluggedCas(meshOf([LISTS, ...objects], options)).map(({ files: { crl } }) => crl)[0];
  const told = (value: string, namespace = 'istio-system'): Partial<MeshOptions> => ({
    meshConfigs: [{ manifest: { ...configMap(namespace), metadata: { name: 'istio', namespace } }, saidBy: 'values.yaml', env: { PILOT_ENABLE_CA_CRL: value } }],
  });

  test('are read unless istiod\'s setting turns them off', () => {
    expect([read([]), read([istiod([])]), read([istiod(flag('true'))]), read([istiod(flag('yes'))])]).toEqual(['lists', 'lists', 'lists', 'lists']);
    const off = { istiodEnv: { PILOT_ENABLE_CA_CRL: 'false' } };
    const notRead = [read([istiod(flag('false'))]), read([istiod([], 'istiod', [{}])]), read([], told('false')), read([], off)];
    expect(notRead).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('are read if one of several istiods reads them', () => {
    expect(read([istiod(flag('false')), istiod([], 'istiod-canary')])).toBe('lists');
    expect(read([istiod(flag('true'))], told('false'))).toBe('lists');
    expect(read([istiod(flag('false'))], { istiodEnv: { PILOT_ENABLE_CA_CRL: 'true' } })).toBeUndefined();
    expect(read([istiod([])], { istiodEnv: { PILOT_ENABLE_CA_CRL: 'false' } })).toBeUndefined();
  });
});
