import { loadAll } from 'js-yaml';
import { unjudgedIn } from '../../../src/analysis/unjudged';
import { WorkloadKinds } from '../../../src/manifests/kinds';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { diffOf } from '../../../src/mesh/compare/diff';
import { objectOf } from '../../../src/mesh/compare/object-changes';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { DAEMON_SETS, hasPods, isOf, ISTIO_KINDS, KIND, Kind, kindNameOf, kindOf, Kinds, STATEFUL_SETS } from '../../../src/mesh/inventory/kinds';
import { objectText, readObject } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';

const of = (apiVersion: string, kind: string): Kind => kindOf({ apiVersion, kind });

describe('a kind includes its API group', () => {
  test.each<[string, string, string | undefined]>([
    ['v1', 'Service', 'Service'], ['serving.knative.dev/v1', 'Service', undefined],
    ['networking.istio.io/v1', 'Gateway', 'Gateway'], ['gateway.networking.k8s.io/v1', 'Gateway', undefined],
    ['security.istio.io/v1', 'PeerAuthentication', 'PeerAuthentication'], ['example.com/v1', 'PeerAuthentication', undefined],
    ['apps/v1', 'StatefulSet', 'StatefulSet'], ['apps.kruise.io/v1beta1', 'StatefulSet', undefined],
    ['gateway.networking.k8s.io/v1', 'GatewayApiGateway', undefined],
    ['v1', 'toString', undefined],
  ])('the kind of %s %s is %s', (apiVersion, kind, name) => {
    expect(kindNameOf(of(apiVersion, kind))).toBe(name);
  });

  test('so both Gateways differ, though they have one name', () => {
    const gateways = ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'].map((apiVersion) => of(apiVersion, 'Gateway'));
    expect(gateways.map((one) => [isOf(one, KIND.Gateway), isOf(one, KIND.GatewayApiGateway), ISTIO_KINDS.has(one)]))
      .toEqual([[true, false, true], [false, true, false]]);
  });

  test('several groups may have a kind of the same name', () => {
    const kinds = [of('apps/v1', 'StatefulSet'), of('apps.kruise.io/v1beta1', 'StatefulSet'), of('example.com/v1', 'StatefulSet')];
    expect(kinds.map((kind) => [STATEFUL_SETS.has(kind), DAEMON_SETS.has(kind)])).toEqual([[true, false], [true, false], [false, false]]);
    expect([...Kinds.of('Service', 'Gateway')]).toEqual([{ group: '', kind: 'Service' }, { group: 'networking.istio.io', kind: 'Gateway' }]);
  });

  test('any kind that isn\'t otherwise read may run pods', () => {
    expect([of('v1', 'Service'), of('serving.knative.dev/v1', 'Service'), of('v1', 'PodTemplate'), of('apps/v1', 'Deployment')].map(hasPods)).toEqual([false, true, true, true]);
  });
});

const workloadKinds = [{ group: 'serving.knative.dev', kind: 'Service', podTemplate: ['spec', 'template'] }];

/** A Knative Service and a Kubernetes Service of the same name: the former's pods serve the latter, in a namespace without sidecars. */
const cluster = (annotations: object) => [
  ...loadAll(`
    {apiVersion: v1, kind: Namespace, metadata: {name: known, labels: {istio-injection: enabled}}}
---
    {apiVersion: apps/v1, kind: Deployment, metadata: {namespace: known, name: client}, spec: {selector: {matchLabels: {app: client}}, template: {metadata: {labels: {app: client}}, spec: {containers: [{name: a}]}}}}
---
    {apiVersion: v1, kind: Service, metadata: {namespace: elsewhere, name: web}, spec: {selector: {app: served}, ports: [{name: http, port: 80}]}}
---
    {apiVersion: v1, kind: Service, metadata: {namespace: elsewhere, name: other}, spec: {selector: {app: served}, ports: [{name: http, port: 80}]}}`),
  {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { namespace: 'elsewhere', name: 'knative' },
    spec: { template: { metadata: { labels: { app: 'served' }, annotations }, spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } } },
  },
];

describe('a Knative Service', () => {
  const options = { parseYaml: readYaml, workloadKinds };
  const excluded = { 'traffic.sidecar.istio.io/excludeInboundPorts': '80' };

  test('may affect the calls to its pods, which are undecided', () => {
    const { unknownEffects, withoutEffect } = diffOf(Mesh.of(cluster({}), options), cluster(excluded));
    expect([unknownEffects.map(({ object, connections }) => [objectText(objectOf(object)), connections]), withoutEffect]).toEqual([[['Service elsewhere/knative', 2]], []]);
  });

  test('differs only if its pods do', () => {
    const images = [cluster({}), cluster({})];
    (images[1][4] as { spec: { template: { spec: { containers: object[] } } } }).spec.template.spec.containers[0] = { name: 'a', image: 'b:2', ports: [{ containerPort: 80 }] };
    expect(diffOf(Mesh.of(images[0], options), images[1]).unknownEffects).toEqual([]);
  });
});

test('Istio\'s and the Gateway API\'s Gateway of the same name are distinct, and both are read', () => {
  const manifests = ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1'].map((apiVersion) => ({
    apiVersion, kind: 'Gateway', metadata: { namespace: 'a', name: 'b' }, spec: {},
  }));
  const inventory = Inventory.of(manifests);
  const gateways = [inventory.of(KIND.Gateway), inventory.of(KIND.GatewayApiGateway), [...inventory.unread.values()]];
  expect([...gateways.map((objects) => objects.map(({ group }) => group)), inventory.replaced])
    .toEqual([['networking.istio.io'], ['gateway.networking.k8s.io'], [], []]);
  const mesh = Mesh.of(manifests, { parseYaml: readYaml });
  expect(unjudgedIn(mesh).gateways).toEqual([{ kind: 'Gateway', count: 1 }]);
});

test('Fleet\'s Bundles are namespaced, those of trust-manager aren\'t', () => {
  const bundle = (apiVersion: string, namespace: string) => ({ apiVersion, kind: 'Bundle', metadata: { namespace, name: 'b' } });
  expect(['fleet.cattle.io/v1alpha1', 'trust.cert-manager.io/v1alpha1'].map((apiVersion) => readObject(bundle(apiVersion, 'a'))?.namespace)).toEqual(['a', '']);
  expect(Inventory.of(['a', 'c'].map((namespace) => bundle('fleet.cattle.io/v1alpha1', namespace))).unread.size).toBe(2);
});

test('Kruise\'s StatefulSets call their own pods like Kubernetes\' do; those of other groups only through headless Services', () => {
  const kinds = WorkloadKinds.with(['apps.kruise.io', 'example.com'].map((group) => ({ group, kind: 'StatefulSet', podTemplate: ['spec', 'template'] })));
  const counted = ['apps', 'apps.kruise.io', 'example.com'].map((group) => {
    const labels = { app: 'db' };
    const spec = { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } } };
    const mesh = Mesh.of([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: { 'istio-injection': 'enabled' } } },
      { apiVersion: `${group}/v1`, kind: 'StatefulSet', metadata: { namespace: 'a', name: 'db' }, spec },
      { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'a', name: 'db' }, spec: { selector: labels, ports: [{ name: 'http', port: 80 }] } },
    ], { parseYaml: readYaml, workloadKinds: kinds.told });
    return mesh.summary().connections;
  });
  expect(counted).toEqual([1, 1, 0]);
});
