import { hasOwnInterception } from '../../../../src/mesh/dataplane/sidecar/sidecar';
import { deployment, destinationRule, injected, mesh, meshConfig, namespace, PodFields, sidecar, toHost, virtualService } from '../../../support/meshes/mesh';

/** The senders of a mesh's clients: the names of each, joined by `+`. */
function senders(...objects: unknown[]): string[] {
  const { decisions, workloads } = mesh([injected('a', 'b'), objects]);
  return [...new Set(workloads.map((workload) => decisions.senderOf(workload)))].map((one) => one.members.map(({ namespace: space, name }) => `${space}/${name}`).join('+'));
}

const annotated = (annotations: object) => ({ labels: { app: 'x' }, annotations });
const TRAFFIC = 'traffic.sidecar.istio.io';
const two = (one: PodFields, other: PodFields = { labels: { app: 'x' } }) => [deployment('a/one', one), deployment('a/other', other)];
const TOGETHER = ['a/one+a/other'];
const APART = ['a/one', 'a/other'];

test.each([
  ['of one namespace with different labels are one sender', two({}), TOGETHER],
  ['of two namespaces are two senders', [deployment('a/one'), deployment('b/other')], ['a/one', 'b/other']],
  ['without sidecars are one sender, in all namespaces', [namespace('c'), namespace('d'), deployment('c/one'), deployment('d/other')], ['c/one+d/other']],
  ['of namespaces that the manifests lack are one sender', [deployment('c/one'), deployment('d/other')], ['c/one+d/other']],
  ['with and without a sidecar are two senders', two({ labels: { 'sidecar.istio.io/inject': 'false' } }), APART],
  ['of two revisions are two senders', [namespace('c'), ['one', 'other'].map((name) => deployment(`c/${name}`, { labels: { 'istio.io/rev': name } })), meshConfig({}, 'istio-one')], ['c/one', 'c/other']],
])('clients %s', (_, objects, expected) => {
  expect(senders(objects)).toEqual(expected);
});

describe('clients are distinguished by the selectors of a namespace\'s rules', () => {
  const labels = { app: 'one' };
  const route = (path: string, sourceLabels: object) => virtualService(path, { hosts: ['x'], http: [{ match: [{ sourceLabels }], ...toHost('x') }] });
  test.each([
    ['of a DestinationRule', [destinationRule('a/d', { host: 'x', workloadSelector: { matchLabels: labels } })], APART],
    ['not of a DestinationRule in another namespace', [destinationRule('b/d', { host: 'x', workloadSelector: { matchLabels: labels } })], TOGETHER],
    ['of a Sidecar', [sidecar('a/s', { workloadSelector: { labels } })], APART],
    ['not of a Sidecar in another namespace', [sidecar('b/s', { workloadSelector: { labels } })], TOGETHER],
    ['of a VirtualService in any namespace', [route('b/v', labels)], APART],
    ['not of a VirtualService that matches neither', [route('b/v', { app: 'third' })], TOGETHER],
    ['of different VirtualServices', [route('b/v', labels), route('b/w', { app: 'other' })], APART],
  ])('%s', (_, rules, expected) => {
    expect(senders(deployment('a/one'), deployment('a/other'), rules)).toEqual(expected);
  });
});

describe.each([`${TRAFFIC}/excludeOutboundPorts`, `${TRAFFIC}/includeOutboundIPRanges`, `${TRAFFIC}/excludeOutboundIPRanges`])('%s', (name) => {
  test('distinguishes clients without it or with another value', () => {
    expect(senders(two(annotated({ [name]: '1' })))).toEqual(APART);
    expect(senders(two(annotated({ [name]: '1' }), annotated({ [name]: '2' })))).toEqual(APART);
    expect(senders(two(annotated({ [name]: '1' }), annotated({ [name]: '1' })))).toEqual(TOGETHER);
  });

  test('distinguishes an empty value from none, whatever other annotations clients have', () => {
    const both = { [`${TRAFFIC}/includeOutboundPorts`]: '81' };
    expect(senders(two(annotated({ ...both, [name]: '' }), annotated(both)))).toEqual(APART);
  });

  test('is an interception of a client\'s own', () => {
    const { decisions, workloads } = mesh([injected('a'), two(annotated({ [name]: '1' }))]);
    expect(workloads.map((workload) => hasOwnInterception(decisions.senderOf(workload)))).toEqual([true, false]);
  });
});

describe('interception by the sidecar', () => {
  const mode = (value: string) => annotated({ 'sidecar.istio.io/interceptionMode': value });
  const config = (value: string) => annotated({ 'proxy.istio.io/config': `interceptionMode: ${value}` });
  const none = meshConfig({ defaultConfig: { interceptionMode: 'NONE' } });
  const own = (...objects: unknown[]) => {
    const { decisions, workloads } = mesh([injected('a'), objects]);
    return workloads.map((workload) => hasOwnInterception(decisions.senderOf(workload)));
  };

  test('distinguishes clients, as annotation or proxy config', () => {
    expect([senders(two(mode('NONE'))), senders(two(config('NONE'))), senders(two(mode('NONE'), config('NONE')))]).toEqual([APART, APART, TOGETHER]);
    expect([senders(two(mode('REDIRECT'))), senders(two(config('TPROXY')))]).toEqual([TOGETHER, TOGETHER]);
    expect([senders(two(mode('REDIRECT')), none), senders(two(mode('NONE')), none)]).toEqual([APART, TOGETHER]);
  });

  test('is a client\'s own if it differs from the mesh config\'s', () => {
    expect([own(two(mode('NONE'))), own(two(mode('REDIRECT'))), own(two(config('NONE')))]).toEqual([[true, false], [false, false], [true, false]]);
    expect([own(two(mode('NONE')), none), own(two(mode('REDIRECT')), none)]).toEqual([[false, false], [true, false]]);
  });
});

test('clients are distinguished by running as the sidecar\'s user, and by DNS capture', () => {
  const asProxy = { spec: { securityContext: { runAsUser: 1337 } } };
  const captured = annotated({ 'proxy.istio.io/config': 'proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}' });
  expect([senders(two(asProxy)), senders(two(captured)), senders(two(asProxy, captured))]).toEqual([APART, APART, APART]);
  expect([senders(two(asProxy, asProxy)), senders(two(captured, captured))]).toEqual([TOGETHER, TOGETHER]);
  const captures = meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } });
  expect([senders(two(captured), captures), senders(two(asProxy), captures)]).toEqual([TOGETHER, APART]);
});

test('annotations are compared by name, not only by value', () => {
  const [ports, ranges] = [`${TRAFFIC}/excludeOutboundPorts`, `${TRAFFIC}/includeOutboundIPRanges`];
  expect(senders(two(annotated({ [ports]: '1', [ranges]: '0.0.0.0/8' }), annotated({ [ranges]: '10.0.0.0/8' })))).toEqual(APART);
});

test('annotations for inbound traffic don\'t distinguish clients', () => {
  expect(senders(two(annotated({ [`${TRAFFIC}/excludeInboundPorts`]: '1' })))).toEqual(TOGETHER);
});
