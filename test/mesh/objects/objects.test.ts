import { WorkloadKinds } from '../../../src/manifests/workload-kinds';
import { byAge, compareAges, compareTexts, nameOf, objectText, readObject, YOUNGEST } from '../../../src/mesh/objects/mesh-object';
import { Objects } from '../../../src/mesh/objects/objects';
import { booleanText, integer, labelsOf, shapes, texts } from '../../../src/mesh/objects/shape';

const pod = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...more } });

test('a List counts as its items, also within a List', () => {
  const list = { apiVersion: 'v1', kind: 'List', items: [pod('a'), { apiVersion: 'v1', kind: 'PodList', items: [pod('b')] }] };
  expect(Objects.of([list]).of('Pod').map(({ name }) => name)).toEqual(['a', 'b']);
});

test('what only looks like a List isn\'t one', () => {
  const own = { ...pod('a'), items: [pod('b')] };
  expect(Objects.of([own, { kind: 'PodList', items: { 0: pod('c') } }, { items: [pod('d')] }, { kind: 'ListOfPods', items: [pod('e')] }]).of('Pod').map(({ name }) => name)).toEqual(['a']);
});

test('what is no object, or has no kind or name, is passed over', () => {
  expect(Objects.of([null, 'x', [], {}, { kind: 'Pod' }, { metadata: { name: 'a' } }, { kind: 'Pod', apiVersion: 7, metadata: { name: 'a' } }]).of('Service')).toEqual([]);
  expect([{ kind: 'Pod', metadata: null }, { metadata: { name: 'a' } }, 'x'].map((source) => readObject(source))).toEqual([undefined, undefined, undefined]);
});

test('kinds count by their group', () => {
  expect(Objects.of([{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'a' } }]).of('Service')).toEqual([]);
  expect(Objects.of([{ apiVersion: 'networking.istio.io/v1alpha3', kind: 'Sidecar', metadata: { name: 'a' } }]).of('Sidecar')).toHaveLength(1);
});

test.each([
  ['', ['Namespace', 'Pod', 'ReplicationController', 'PodTemplate', 'Service', 'ConfigMap', 'ServiceAccount', 'Endpoints']],
  ['discovery.k8s.io/', ['EndpointSlice']],
  ['networking.k8s.io/', ['Ingress', 'IngressClass']],
  ['security.istio.io/', ['PeerAuthentication', 'AuthorizationPolicy']],
  ['networking.istio.io/', ['DestinationRule', 'VirtualService', 'ServiceEntry', 'WorkloadEntry', 'WorkloadGroup', 'Sidecar', 'ProxyConfig']],
  ['admissionregistration.k8s.io/', ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']],
  ['apiregistration.k8s.io/', ['APIService']],
  ['apiextensions.k8s.io/', ['CustomResourceDefinition']],
  ['monitoring.coreos.com/', ['ServiceMonitor', 'PodMonitor']],
])('of group %j %j count, and none of another', (group, kinds) => {
  const counted = (of: string) => Objects.of(kinds.map((kind) => ({ apiVersion: `${of}v1`, kind, metadata: { name: 'a' } })));
  expect([kinds.map((kind) => counted(group).of(kind).length), [...counted('example.com/').all()]]).toEqual([kinds.map(() => 1), []]);
});

test.each([
  ['apps', ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']], ['batch', ['Job', 'CronJob']], ['argoproj.io', ['Rollout']],
])('of group %s %j count as what runs pods, and none of another', (group, kinds) => {
  const counted = (of: string) => Objects.of(kinds.map((kind) => ({ apiVersion: `${of}/v1`, kind, metadata: { name: 'a' } })));
  expect([kinds.map((kind) => counted(group).of(`${kind}.${group}`).length), [...counted('example.com').all()]]).toEqual([kinds.map(() => 1), []]);
});

test('a kind that is told of counts, and is no other of its name', () => {
  const kinds = WorkloadKinds.with([{ group: 'serving.knative.dev', kind: 'Service', podTemplate: ['spec', 'template'] }]);
  const named = ['serving.knative.dev/v1', 'v1'].map((apiVersion) => ({ apiVersion, kind: 'Service', metadata: { name: 'a' } }));
  const objects = Objects.of(named, { workloadKinds: kinds });
  expect([objects.of('Service'), objects.of('Service.serving.knative.dev'), objects.replaced].map(({ length }) => length)).toEqual([1, 1, 0]);
});

test('of two manifests of one object the last counts', () => {
  const [found, ...others] = Objects.of([pod('a', { labels: { x: '1' } }), pod('a', { labels: { x: '2' } })]).of('Pod');
  expect([found.labels, others]).toEqual([{ x: '2' }, []]);
});

test('and each of the others is told, with the one that replaced it', () => {
  const [one, two, three] = ['1', '2', '3'].map((x) => pod('a', { labels: { x } }));
  const { replaced } = Objects.of([one, pod('b'), two, three]);
  expect(replaced.map(({ object, by }) => [object.source, by.source])).toEqual([[one, two], [two, three]]);
});

test('two objects whose names the API server makes up are two', () => {
  const unnamed = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' } };
  const objects = Objects.of([unnamed, { ...unnamed }, pod('a-')]);
  expect([objects.of('Pod').map(({ name }) => name), objects.replaced]).toEqual([['a-', 'a-', 'a-'], []]);
});

test('gives all objects, kind by kind', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } };
  expect([...Objects.of([pod('b'), job, pod('a')]).all()].map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Job j', 'Pod a', 'Pod b']);
});

test('goes to namespace default unless it says otherwise; a Namespace is in none', () => {
  expect(readObject(pod('a'))!.namespace).toBe('default');
  expect(readObject(pod('a', { namespace: 'b' }))!.namespace).toBe('b');
  expect(readObject({ kind: 'Namespace', metadata: { name: 'a', namespace: 'b' } })!.namespace).toBe('');
});

test.each(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition'])('a %s is in no namespace', (kind) => {
  expect(readObject({ kind, metadata: { name: 'a', namespace: 'b' } })!.namespace).toBe('');
});

test('may be named by generateName', () => {
  expect(readObject({ kind: 'Job', metadata: { generateName: 'a-' } })!.name).toBe('a-');
});

test('the oldest comes first, then by name and namespace; without a time it is the youngest', () => {
  const objects = [['b', 'x'], ['a', 'y'], ['a', 'x'], ['0', 'x', '2020-01-01T00:00:00Z'], ['1', 'x', new Date('2019-01-01T00:00:00Z')], ['2', 'x', '2019-01-01T01:00:00+01:00']]
    .map(([name, namespace, creationTimestamp]) => readObject(pod(name as string, { namespace, creationTimestamp }))!);
  expect([...objects].sort(byAge).map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['x/1', 'x/2', 'x/0', 'x/a', 'y/a', 'x/b']);
  expect([compareAges(objects[0], objects[1]), compareAges(objects[0], objects[3])]).toEqual([0, 1]);
  const applied = { ...objects[0], created: YOUNGEST };
  expect([compareAges(applied, objects[0]), compareAges(applied, objects[3]), compareAges(applied, applied)]).toEqual([1, 1, 0]);
});

test('a time that is none counts as no time', () => {
  expect([new Date(NaN), 5, null, 'soon'].map((creationTimestamp) => readObject(pod('a', { creationTimestamp }))!.created)).toEqual(Array<undefined>(4).fill(undefined));
});

test('texts compare by code unit', () => {
  expect([compareTexts('a', 'a'), compareTexts('Z', 'a'), compareTexts('b', 'a')]).toEqual([0, -1, 1]);
});

test('a name is kind, namespace and name', () => {
  expect(nameOf(readObject(pod('a'))!)).toEqual({ kind: 'Pod', namespace: 'default', name: 'a' });
});

test('reads numbers that are written as texts, and lists that hold other things', () => {
  expect(['80', 80, '8x', '0x50', '80.0', 1.5, null, ''].map(integer)).toEqual([80, 80, ...Array<undefined>(6).fill(undefined)]);
  expect([texts(['a', 1]), texts('a'), shapes([{ a: 1 }, 'b']), shapes({})]).toEqual([['a'], [], [{ a: 1 }], []]);
});

test('labels are texts: other values are none', () => {
  expect(labelsOf({ a: 'x', b: 1 })).toEqual({ a: 'x' });
  expect(labelsOf(undefined)).toEqual({});
  const labels = { a: 'x' };
  expect(labelsOf(labels)).toBe(labels);
});

test.each([['1', true], ['True', true], ['0', false], ['F', false], ['no', undefined], [undefined, undefined]])('as a boolean %j is %j', (text, boolean) => {
  expect(booleanText(text)).toBe(boolean);
});

test('is told by kind, namespace and name, or without a namespace where it is in none', () => {
  expect([objectText({ kind: 'Pod', namespace: 'a', name: 'b' }), objectText({ kind: 'Namespace', namespace: '', name: 'b' })]).toEqual(['Pod a/b', 'Namespace b']);
});
