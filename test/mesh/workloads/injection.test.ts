import { meshConfigMap } from '../../../src/mesh/config/control-plane-facts';
import { deployment, mesh, meshConfig, namespace } from '../../support/meshes/mesh';

const REV = 'istio.io/rev';
const INJECT = 'sidecar.istio.io/inject';

function proxyOf(namespaceLabels: Record<string, string> | undefined, pod: Parameters<typeof deployment>[1] = {}, options = {}, name = 'a'): string {
  const objects = [namespaceLabels ? namespace(name, namespaceLabels) : [], deployment(`${name}/w`, pod)];
  return mesh(objects, options).workloads[0].proxy.kind;
}

test.each([
  [{ 'istio-injection': 'enabled' }, {}, 'sidecar'],
  [{ 'istio-injection': 'enabled' }, { [INJECT]: 'false' }, 'none'],
  [{ 'istio-injection': 'disabled' }, { [INJECT]: 'true' }, 'none'],
  [{ 'istio-injection': 'disabled', [REV]: 'x' }, {}, 'none'],
  [{ [REV]: 'x' }, {}, 'sidecar'],
  [{ [REV]: 'x' }, { [INJECT]: 'false' }, 'none'],
  [{ [REV]: '' }, { [INJECT]: 'true' }, 'none'],
  [{}, { [REV]: '', [INJECT]: 'true' }, 'none'],
  [{ 'istio-injection': 'true' }, { [INJECT]: 'true' }, 'none'],
  [{}, {}, 'none'],
  [{}, { [INJECT]: 'true' }, 'sidecar'],
  [{}, { [REV]: 'x' }, 'sidecar'],
  [{}, { [REV]: 'x', [INJECT]: 'false' }, 'none'],
  [{ 'istio.io/dataplane-mode': 'ambient' }, {}, 'ztunnel'],
  [{ 'istio.io/dataplane-mode': 'ambient' }, { 'istio.io/dataplane-mode': 'none' }, 'none'],
  [{}, { 'istio.io/dataplane-mode': 'ambient' }, 'ztunnel'],
  [{ 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, { [INJECT]: 'false' }, 'ztunnel'],
])('a namespace with labels %j gives a pod with labels %j the proxy %s', (labels, pod, kind) => {
  expect(proxyOf(labels, { labels: pod })).toBe(kind);
});

const REDIRECTION = 'ambient.istio.io/redirection';

test.each([
  ['enabled', 'ztunnel'],
  ['pending', 'ztunnel'],
  ['disabled', 'none'],
])('a pod on which the CNI plugin has written that redirection is %s has %s, whatever the labels', (value, kind) => {
  const annotations = { [REDIRECTION]: value };
  expect([proxyOf({}, { annotations }), proxyOf({ 'istio-injection': 'disabled' }, { annotations })]).toEqual([kind, kind]);
  expect(proxyOf(undefined, { annotations, labels: { [INJECT]: 'false' } })).toBe(kind);
  expect(proxyOf({ 'istio-injection': 'enabled' }, { annotations })).toBe(kind === 'none' ? 'sidecar' : kind);
});

test('a captured pod shows that the mesh has an ambient part', () => {
  const declines = deployment('b/web', { labels: { [INJECT]: 'false' } });
  const pod = (annotations: object) => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'one', namespace: 'a', annotations }, spec: { containers: [{ name: 'one' }] },
  });
  const kinds = (annotations: object) => mesh([pod(annotations), declines]).workloads.map(({ proxy }) => proxy.kind);
  expect([kinds({}), kinds({ [REDIRECTION]: 'enabled' })]).toEqual([['unknown', 'none'], ['ztunnel', 'unknown']]);
});

test('a namespace that isn\'t in the manifests is unknown', () => {
  expect(proxyOf(undefined)).toBe('unknown');
});

test('pods that decline a sidecar have none in an unknown namespace, unless something may put them into ambient mode', () => {
  expect(proxyOf(undefined, { labels: { [INJECT]: 'false' } })).toBe('none');
  expect(proxyOf(undefined, { annotations: { [INJECT]: 'false' } })).toBe('none');
  expect(proxyOf(undefined, { labels: { [INJECT]: 'true' }, annotations: { [INJECT]: 'false' } })).toBe('unknown');
  expect(proxyOf(undefined, { labels: { [INJECT]: 'false', 'istio.io/dataplane-mode': 'ambient' } })).toBe('unknown');
  const ambient = namespace('other', { 'istio.io/dataplane-mode': 'ambient' });
  expect(mesh([ambient, deployment('a/web', { labels: { [INJECT]: 'false' } })]).workloads.map(({ proxy }) => proxy.kind)).toEqual(['unknown']);
});

test('injectedNamespaces makes a namespace injected, but the pod can opt out', () => {
  expect(proxyOf(undefined, {}, { injectedNamespaces: ['a'] })).toBe('sidecar');
  expect(proxyOf(undefined, {}, { injectedNamespaces: ['b'] })).toBe('unknown');
  expect(proxyOf(undefined, { labels: { [INJECT]: 'false' } }, { injectedNamespaces: ['a'] })).toBe('none');
});

test('a revision counts as installed unless installedRevisions omits it, also the default one', () => {
  expect(proxyOf({ [REV]: 'x' }, {}, { installedRevisions: ['x'] })).toBe('sidecar');
  expect(proxyOf({ [REV]: 'x' }, {}, { installedRevisions: ['y'] })).toBe('unknown');
  expect(proxyOf({}, { labels: { [REV]: 'x' } }, { installedRevisions: ['y'] })).toBe('unknown');
  expect(proxyOf({ 'istio-injection': 'enabled' }, {}, { installedRevisions: ['y'] })).toBe('unknown');
  expect(proxyOf({ 'istio-injection': 'enabled' }, {}, { installedRevisions: ['y', 'default'] })).toBe('sidecar');
  expect(proxyOf({}, { labels: { [INJECT]: 'true' } }, { installedRevisions: ['y'] })).toBe('unknown');
});

const tag = (name: string, revision: string) => ({ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name, labels: { 'istio.io/tag': name, [REV]: revision } } });

test('with an installation by revision only, a namespace with injection has the label for a revision', () => {
  const stated = { injectedNamespaces: ['a'] };
  const told = (more: unknown[], options = {}) => mesh([deployment('a/w'), more], { ...stated, ...options }).workloads.map(({ proxy }) => [proxy.kind, proxy.revision, proxy.lacks?.name]);
  const [blue, green] = ['blue', 'green'].map((revision) => meshConfig({}, `istio-${revision}`));
  expect(told([blue])).toEqual([['sidecar', 'blue', undefined]]);
  expect(told([], { installedRevisions: ['blue'] })).toEqual([['sidecar', 'blue', undefined]]);
  expect(told([blue, meshConfig({})])).toEqual([['sidecar', 'default', undefined]]);
  expect(told([blue, tag('default', 'blue')])).toEqual([['sidecar', 'blue', undefined]]);
  // Of several, it is the first by name, unless one is called default.
  expect(told([green, blue])).toEqual([['sidecar', 'blue', undefined]]);
  expect(told([], { installedRevisions: ['green', 'blue'] })).toEqual([['sidecar', 'blue', undefined]]);
});

test('the annotation can\'t request a sidecar; it can refuse one if the pod has no label', () => {
  expect(proxyOf({}, { annotations: { [INJECT]: 'true' } })).toBe('none');
  expect(proxyOf({ 'istio-injection': 'enabled' }, { annotations: { [INJECT]: 'false' } })).toBe('none');
  expect(proxyOf({ 'istio-injection': 'enabled' }, { labels: { [INJECT]: 'true' }, annotations: { [INJECT]: 'false' } })).toBe('sidecar');
});

test('pods on the host\'s network are never injected', () => {
  expect(proxyOf({ 'istio-injection': 'enabled' }, { spec: { hostNetwork: true } })).toBe('none');
});

test.each(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])('the injector skips namespace %s', (name) => {
  expect(proxyOf({ 'istio-injection': 'enabled' }, {}, {}, name)).toBe('none');
});

test.each([
  ['with the arguments of a sidecar', ['proxy', 'sidecar'], 'sidecar'],
  ['with the arguments of a gateway', ['proxy', 'router'], 'router'],
  ['with the arguments of a waypoint', ['proxy', 'waypoint'], 'waypoint'],
  ['without arguments', undefined, 'sidecar'],
])('a container istio-proxy decides the pod\'s proxy: %s: %j', (_, args, kind) => {
  expect(proxyOf(undefined, { spec: { containers: [{ name: 'istio-proxy', args }] } })).toBe(kind);
  expect(proxyOf({}, { spec: { containers: [], initContainers: [{ name: 'istio-proxy', args }] } })).toBe(kind);
});

test('a container istio-proxy that the injector completes has the proxy of its template', () => {
  const auto = { containers: [{ name: 'istio-proxy', image: 'auto' }] };
  const of = (annotations: Record<string, string>, labels: Record<string, string> = { [INJECT]: 'true' }) => proxyOf({}, { labels, annotations, spec: auto });
  expect([of({ 'inject.istio.io/templates': 'gateway' }), of({ 'inject.istio.io/templates': 'grpc-agent' }), of({})]).toEqual(['router', 'grpc', 'sidecar']);
  expect(proxyOf(undefined, { annotations: { 'inject.istio.io/templates': 'gateway' }, spec: auto })).toBe('router');
  expect(proxyOf({}, { annotations: { 'inject.istio.io/templates': 'gateway' }, spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'] }] } })).toBe('sidecar');
});

test.each([
  ['gateway', 'router'], ['kube-gateway', 'router'], ['waypoint', 'waypoint'], ['grpc-agent', 'grpc'], ['grpc-simple', 'grpc'], ['sidecar', 'sidecar'], ['own', 'unknown'], ['', 'unknown'],
])('injection template %j gives proxy kind %s', (templates, kind) => {
  expect(proxyOf({ 'istio-injection': 'enabled' }, { annotations: { 'inject.istio.io/templates': templates } })).toBe(kind);
});

test('a pod whose annotation refuses the sidecar may be in the ambient mesh', () => {
  expect(proxyOf({ 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, { annotations: { [INJECT]: 'false' } })).toBe('ztunnel');
});

describe('the revision that configures a proxy', () => {
  const of = (labels: Record<string, string>, pod: Parameters<typeof deployment>[1], more: unknown[] = []) => mesh([namespace('a', labels), deployment('a/w', pod), more]).workloads[0].proxy.revision;

  test('is that of the injecting webhook: a pod\'s label applies only if the namespace has none', () => {
    const pod = { labels: { [REV]: 'pods' } };
    expect([of({ [REV]: 'x' }, pod), of({ 'istio-injection': 'enabled' }, pod), of({ 'istio-injection': 'enabled', [REV]: 'x' }, {}), of({}, pod)]).toEqual(['x', 'default', 'default', 'pods']);
  });

  test('comes from the pod\'s annotation or label if it has a container istio-proxy', () => {
    const spec = { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'] }] };
    expect([of({}, { annotations: { [REV]: 'x' }, spec }), of({}, { labels: { [REV]: 'y' }, spec }), of({}, { spec })]).toEqual(['x', 'y', 'default']);
    expect(of({ [REV]: 'z' }, { annotations: { [REV]: 'x' } })).toBe('z');
  });

  test('resolves a tag by the installer\'s values, unless the tag\'s webhook exists', () => {
    const meshConfigs = [{ saidBy: 'v.yaml', manifest: meshConfigMap({}, { namespace: 'istio-system', revision: '1-31' }), tags: ['prod'] }];
    const revision = (...more: object[]) => mesh([namespace('a', { [REV]: 'prod' }), deployment('a/w'), ...more], { meshConfigs }).workloads[0].proxy.revision;
    expect([revision(), revision(tag('prod', '1-30'))]).toEqual(['1-31', '1-30']);
  });

  test('resolves a tag by its webhook', () => {
    expect([of({ [REV]: 'prod' }, {}, [tag('prod', '1-31')]), of({ 'istio-injection': 'enabled' }, {}, [tag('default', '1-30')]), of({ [REV]: 'test' }, {}, [tag('prod', '1-31')])])
      .toEqual(['1-31', '1-30', 'test']);
    const facts = (...installedRevisions: string[]) => mesh([namespace('a', { [REV]: 'prod' }), deployment('a/w'), tag('prod', '1-31')], { installedRevisions }).workloads[0].proxy.kind;
    expect([facts('1-31'), facts('prod'), facts('1-30')]).toEqual(['sidecar', 'sidecar', 'unknown']);
  });

  test('is unknown where other revisions have mesh configs: its name may be a tag of theirs', () => {
    const kind = (labels: Record<string, string>, more: unknown[], options = {}) => mesh([namespace('a', labels), deployment('a/w'), more], options).workloads[0].proxy.kind;
    const [own, other] = ['prod', '1-31'].map((revision) => meshConfig({}, `istio-${revision}`));
    expect([kind({ [REV]: 'prod' }, [other]), kind({ [REV]: 'prod' }, [other, meshConfig({})]), kind({ [REV]: 'prod' }, [other, own]), kind({ [REV]: 'prod' }, [other, tag('prod', '1-31')])])
      .toEqual(['unknown', 'unknown', 'sidecar', 'sidecar']);
    expect([kind({ [REV]: 'prod' }, [meshConfig({})]), kind({ [REV]: 'default' }, [other]), kind({ 'istio-injection': 'enabled' }, [other]), kind({ [REV]: 'prod' }, [other], { installedRevisions: ['prod'] })])
      .toEqual(['sidecar', 'unknown', 'unknown', 'sidecar']);
    // A mesh config shows that its revision is installed, also beside a list.
    expect([kind({ 'istio-injection': 'enabled' }, [meshConfig({})], { installedRevisions: ['prod'] }), kind({ [REV]: 'prod' }, [own], { installedRevisions: ['1-31'] })]).toEqual(['sidecar', 'sidecar']);
  });

  test('a webhook without a tag or a revision resolves nothing', () => {
    const webhook = (labels: Record<string, string>) => ({ ...tag('prod', ''), metadata: { name: 'prod', labels } });
    expect([of({ [REV]: 'prod' }, {}, [webhook({ [REV]: '1-31' })]), of({ [REV]: 'prod' }, {}, [webhook({ 'istio.io/tag': 'prod' })])]).toEqual(['prod', 'prod']);
  });
});

test('templates make gateways and gRPC agents', () => {
  const templates = (names: string) => proxyOf({ 'istio-injection': 'enabled' }, { annotations: { 'inject.istio.io/templates': names } });
  expect(['gateway', 'sidecar, grpc-agent', 'sidecar,own'].map(templates)).toEqual(['router', 'grpc', 'sidecar']);
});

test('names the reason, and the revision that configures the proxy', () => {
  const of = (labels: Record<string, string>, pod: Record<string, string> = {}) => mesh([namespace('a', labels), deployment('a/w', { labels: pod })]).workloads[0].proxy;
  expect(of({ [REV]: 'x' })).toMatchObject({ kind: 'sidecar', because: 'the namespace\'s label istio.io/rev is x', revision: 'x', asked: 'x' });
  expect(of({ 'istio-injection': 'enabled' })).toMatchObject({ kind: 'sidecar', because: 'the namespace\'s label istio-injection is enabled', revision: 'default' });
  expect(of({}, { [REV]: 'x' })).toMatchObject({ because: 'the pod\'s label istio.io/rev is x', revision: 'x' });
  expect(of({}, { [INJECT]: 'true' }).because).toBe('the pod\'s label sidecar.istio.io/inject is true');
  expect(of({ 'istio-injection': 'disabled' }).because).toBe('the namespace\'s label istio-injection is disabled');
  expect(of({}).because).toBe('neither the namespace nor the pod asks for a sidecar');
  expect(of({}, { [INJECT]: 'false' }).because).toBe('sidecar.istio.io/inject is false');
});

test.each([
  ['the pod template contains container istio-proxy', {}, { spec: { containers: [{ name: 'istio-proxy' }] } }, {}],
  ['hostNetwork is true', {}, { spec: { hostNetwork: true } }, {}],
  ['namespace a isn\'t in the manifests', undefined, {}, {}],
  ['revision x isn\'t known to be installed', { [REV]: 'x' }, {}, { installedRevisions: [] }],
  ['sidecar.istio.io/inject is false', { [REV]: 'x' }, { annotations: { [INJECT]: 'false' } }, {}],
  ['label istio.io/dataplane-mode is ambient', { 'istio.io/dataplane-mode': 'ambient' }, {}, {}],
  ['annotation ambient.istio.io/redirection is enabled', {}, { annotations: { 'ambient.istio.io/redirection': 'enabled' } }, {}],
  ['inject.istio.io/templates is sidecar,gateway', { 'istio-injection': 'enabled' }, { annotations: { 'inject.istio.io/templates': 'sidecar,gateway' } }, {}],
  ['inject.istio.io/templates is grpc-agent', { 'istio-injection': 'enabled' }, { annotations: { 'inject.istio.io/templates': 'grpc-agent' } }, {}],
])('the reason for a proxy: %s', (because, labels, pod, facts) => {
  expect(mesh([labels ? namespace('a', labels) : [], deployment('a/w', pod)], facts).workloads[0].proxy.because).toBe(because);
});

test('names the namespaces that the injector skips', () => {
  expect(mesh([namespace('kube-system', {}), deployment('kube-system/w')]).workloads[0].proxy.because).toBe('the injector skips namespace kube-system');
});

test('the command names the proxy as the arguments do', () => {
  expect(proxyOf({}, { spec: { containers: [{ name: 'app', args: ['router'] }, { name: 'istio-proxy', command: ['pilot-agent', 'proxy', 'router'] }] } })).toBe('router');
});
