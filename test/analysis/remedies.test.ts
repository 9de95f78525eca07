// Remedies for a DestinationRule's tls, applied: the finding disappears, and admission accepts the rule.
import { admit } from '../../src/admission/admission';
import { changed } from '../../src/findings/finding';
import { findingsIn, sentenceOf } from '../support/meshes/analysis';
import { deployment, destinationRule, injected, meshConfig, mode, namespace, peerAuthentication, service, tls, toHost, virtualService } from '../support/meshes/mesh';

const pool = { connectionPool: { tcp: { maxConnections: 9 } } };
const entry = (number: number, more: object) => ({ port: { number }, ...more });
const rule = (trafficPolicy?: object, more: object = {}) => destinationRule('b/srv', { host: 'srv', trafficPolicy, ...more });

const client = deployment('a/web');
const server = deployment('b/srv', { ports: [{ containerPort: 80 }, { containerPort: 81 }] });
const base = [...injected('a', 'b'), client, server, service('b/srv', ['http:80'])];
const strict = [...base, peerAuthentication('b/default', mode('STRICT'))];
const disabled = peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, ...mode('DISABLE') });
const toSubset = virtualService('b/srv', { hosts: ['srv'], http: [toHost('srv', { subset: 'all' })] });
const subset = (trafficPolicy?: object) => ({ subsets: [{ name: 'all', labels: { app: 'srv' }, trafficPolicy }] });
const bare = [...injected('a'), namespace('b'), client, server, service('b/srv', ['http:80'])];
const off = meshConfig({ enableAutoMtls: false });
const twoPorts = [...injected('a', 'b'), client, server, service('b/srv', ['http-a:80', 'http-b:81'])];
const headless = [...injected('a', 'b'), client, server, service('b/srv', ['http:80'], { clusterIP: 'None' }), disabled];

const asJson = (object: object) => JSON.parse(JSON.stringify(object));

test.each<[string, string, object[], object, object]>([
  ['as the only setting of its policy', 'MTLS101', strict, rule({ tls: { mode: 'DISABLE' } }), rule()],
  ['beside other settings', 'MTLS101', strict, rule({ ...pool, tls: { mode: 'DISABLE' } }), rule(pool)],
  ['as the only setting of the only port', 'MTLS101', strict, rule({ portLevelSettings: [entry(80, { tls: { mode: 'DISABLE' } })] }), rule()],
  ['as the only setting of a port', 'MTLS101', strict, rule({ ...pool, portLevelSettings: [entry(80, { tls: { mode: 'DISABLE' } })] }),
    rule({ ...pool, portLevelSettings: [entry(80, { tls: { mode: 'ISTIO_MUTUAL' } })] })],
  ['of one of two ports', 'MTLS109', strict,
    rule({ portLevelSettings: [entry(80, { tls: { mode: 'SIMPLE' } }), entry(81, pool)] }), rule({ portLevelSettings: [entry(81, pool)] })],
  ['beside other settings of a port', 'MTLS101', strict,
    rule({ portLevelSettings: [entry(80, { ...pool, tls: { mode: 'DISABLE' } })] }), rule({ portLevelSettings: [entry(80, pool)] })],
  ['of a port in a policy with tls, which would mark the endpoints', 'MTLS101', strict,
    rule({ tls: { mode: 'SIMPLE' }, portLevelSettings: [entry(80, { ...pool, tls: { mode: 'DISABLE' } })] }), rule({ tls: { mode: 'SIMPLE' }, portLevelSettings: [entry(80, { ...pool, tls: { mode: 'ISTIO_MUTUAL' } })] })],
  ['of a subset', 'MTLS101', [...strict, toSubset], rule(undefined, subset({ tls: { mode: 'DISABLE' } })), rule(undefined, subset())],
  ['of a subset in a policy with tls', 'MTLS101', [...strict, toSubset], rule({ tls: { mode: 'SIMPLE' } }, subset({ tls: { mode: 'DISABLE' } })), rule({ tls: { mode: 'SIMPLE' } }, subset({ tls: { mode: 'ISTIO_MUTUAL' } }))],
  ['with auto mTLS off', 'MTLS109', [...strict, off], rule({ tls: { mode: 'SIMPLE' } }), rule({ tls: { mode: 'ISTIO_MUTUAL' } })],
  ['towards a DISABLE port', 'MTLS108', [...base, disabled], rule({ tls: { mode: 'ISTIO_MUTUAL' } }), rule()],
  ['towards a DISABLE port of a headless Service, whose policy auto mTLS doesn\'t see', 'MTLS108', headless,
    rule({ tls: { mode: 'ISTIO_MUTUAL' } }), rule({ tls: { mode: 'DISABLE' } })],
  ['towards a DISABLE port that is served as HTTP', 'MTLS110', [...base, disabled], rule({ tls: { mode: 'SIMPLE' } }), rule()],
  ['towards a DISABLE port, with auto mTLS off', 'MTLS110', [...base, disabled, off], rule({ tls: { mode: 'SIMPLE' } }), rule({ tls: { mode: 'DISABLE' } })],
  ['for several ports', 'MTLS108',
    [...twoPorts, peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, ...mode('STRICT'), portLevelMtls: { 81: { mode: 'DISABLE' } } })],
    rule({ portLevelSettings: [entry(80, { tls: { mode: 'ISTIO_MUTUAL' } })], tls: { mode: 'ISTIO_MUTUAL' } }), rule({ portLevelSettings: [entry(80, { tls: { mode: 'ISTIO_MUTUAL' } })] })],
  ['for several ports, with auto mTLS off', 'MTLS101',
    [...twoPorts, off, peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, ...mode('DISABLE'), portLevelMtls: { 81: { mode: 'STRICT' } } })],
    rule({ tls: { mode: 'DISABLE' } }), rule({ tls: { mode: 'DISABLE' }, portLevelSettings: [entry(81, { tls: { mode: 'ISTIO_MUTUAL' } })] })],
  ['towards a server without a proxy', 'MTLS107', bare, rule({ tls: { mode: 'ISTIO_MUTUAL' } }), rule()],
  ['without a mode', 'MTLS307', strict, rule({ tls: {} }), rule()],
  ['without a mode, in a policy with tls', 'MTLS307', strict, rule({ tls: { mode: 'SIMPLE' }, portLevelSettings: [entry(80, { ...pool, tls: {} })] }), rule({ tls: { mode: 'SIMPLE' }, portLevelSettings: [entry(80, { ...pool, tls: { mode: 'ISTIO_MUTUAL' } })] })],
])('fixes tls %s', (_, code, objects, broken, mended) => {
  const found = findingsIn([...objects, broken]).filter((finding) => finding.code === code);
  expect(found.map(({ change }) => asJson(changed(broken, change!.fields!)))).toEqual([asJson(mended)]);
  expect(findingsIn([...objects, mended]).map(sentenceOf).filter((sentence) => !sentence.includes('enableAutoMtls'))).toEqual([]);
  expect(admit(asJson(mended)).filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('with auto mTLS off, a wildcard rule keeps its tls, and a server without a proxy gets its own rule', () => {
  const wide = destinationRule('istio-system/wide', { host: '*.local', ...tls('ISTIO_MUTUAL') });
  const own = destinationRule('istio-system/srv', { host: 'srv.b.svc.cluster.local', ...tls('DISABLE') });
  expect(findingsIn([...bare, off, wide]).map(({ code, change }) => [code, change!.manifest])).toEqual([['MTLS312', own]]);
  expect(findingsIn([...bare, off, wide, own])).toEqual([]);
  const taken = destinationRule('istio-system/srv', { host: 'elsewhere.example.com' });
  expect(findingsIn([...bare, off, wide, taken]).map(({ code, fix }) => [code, fix]))
    .toEqual([['MTLS312', 'add a DestinationRule for srv.b.svc.cluster.local with tls.mode DISABLE and the other settings of this one']]);
});

test('a new rule beside a wildcard lists each namespace of exportTo once', () => {
  const wide = destinationRule('istio-system/wide', { host: '*.local', ...tls('ISTIO_MUTUAL'), exportTo: ['.', 'a', 'istio-system', 'a'] });
  const [finding] = findingsIn([...bare, off, wide]).filter(({ code }) => code === 'MTLS312');
  expect(finding?.change?.manifest).toMatchObject({ metadata: { name: 'srv' }, spec: { exportTo: ['.', 'a'] } });
});

test('a new rule beside a wildcard has the wildcard\'s revision', () => {
  const canary = { 'istio.io/rev': 'canary' };
  const wide = destinationRule('istio-system/wide', { host: '*.local', ...tls('ISTIO_MUTUAL') }, { labels: canary });
  const [finding] = findingsIn([namespace('a', canary), namespace('b'), client, server, service('b/srv', ['http:80']), wide]).filter(({ code }) => code === 'MTLS312');
  expect(finding.change!.manifest).toMatchObject({ metadata: { namespace: 'istio-system', name: 'srv', labels: canary } });
});

describe('an existing rule for the host gets the tls, since istiod would drop that of a second one', () => {
  const pooled = destinationRule('b/srv', { host: 'srv', trafficPolicy: pool });
  const plain = destinationRule('b/srv', { host: 'srv', trafficPolicy: { ...pool, tls: { mode: 'DISABLE' } } });
  const excluding = deployment('b/srv', { ports: [{ containerPort: 80 }], annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' } });
  const excluded = [...injected('a', 'b'), client, excluding, service('b/srv', ['http:80'])];

  test.each<[string, object[], string]>([
    ['MTLS112', headless, 'set spec.trafficPolicy.tls to {"mode":"DISABLE"} in DestinationRule b/srv'],
    ['MTLS113', excluded, 'set spec.trafficPolicy.portLevelSettings[0] to {"port":{"number":80},"connectionPool":{"tcp":{"maxConnections":9}},"tls":{"mode":"DISABLE"}} in DestinationRule b/srv'],
  ])('%s is fixed in the existing rule for the host', (code, objects, fix) => {
    expect(findingsIn([...objects, pooled]).map((finding) => [finding.code, finding.fix])).toEqual([[code, fix]]);
    expect(findingsIn([...objects, plain]).map(sentenceOf)).toEqual([]);
  });

  test('a wildcard rule stays, and the host gets a rule of its own', () => {
    const tcp = headless.map((object: any) => (object.kind === 'Service' ? service('b/srv', ['tcp:80'], { clusterIP: 'None' }) : object));
    expect(findingsIn([...tcp, destinationRule('b/all', { host: '*.b.svc.cluster.local', trafficPolicy: pool })]).map(({ fix }) => fix))
      .toEqual(['add a DestinationRule for srv.b.svc.cluster.local with tls.mode DISABLE and the settings of DestinationRule b/all']);
  });
});
