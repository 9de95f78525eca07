import { usualApiVersion, WorkloadKinds } from '../../../src/manifests/kinds';
import { booleanText, integer, labelsOf, mappings, texts } from '../../../src/manifests/mapping';
import { Inventory } from '../../../src/mesh/inventory/inventory';
import { KIND } from '../../../src/mesh/inventory/kinds';
import { byAge, compareAges, readObject, YOUNGEST, compareTexts, idKey, idOf, nameOf, objectText } from '../../../src/mesh/inventory/object';

const pod = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...more } });

test('a List counts as its items, also within a List', () => {
  const list = { apiVersion: 'v1', kind: 'List', items: [pod('a'), { apiVersion: 'v1', kind: 'PodList', items: [pod('b')] }] };
  expect(Inventory.of([list]).of(KIND.Pod).map(({ name }) => name)).toEqual(['a', 'b']);
});

test('an object that only resembles a List isn\'t one', () => {
  const own = { ...pod('a'), items: [pod('b')] };
  expect(Inventory.of([own, { kind: 'PodList', items: { 0: pod('c') } }, { items: [pod('d')] }, { kind: 'ListOfPods', items: [pod('e')] }]).of(KIND.Pod).map(({ name }) => name)).toEqual(['a']);
});

test('skips non-objects and objects without a kind or name', () => {
  expect(Inventory.of([null, 'x', [], {}, { kind: 'Pod' }, { metadata: { name: 'a' } }, { kind: 'Pod', apiVersion: 7, metadata: { name: 'a' } }]).of(KIND.Service)).toEqual([]);
  expect([{ kind: 'Pod', metadata: null }, { metadata: { name: 'a' } }, 'x'].map((source) => readObject(source))).toEqual([undefined, undefined, undefined]);
});

test('kinds include their API group', () => {
  expect(Inventory.of([{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'a' } }]).of(KIND.Service)).toEqual([]);
  expect(Inventory.of([{ apiVersion: 'networking.istio.io/v1alpha3', kind: 'Sidecar', metadata: { name: 'a' } }]).of(KIND.Sidecar)).toHaveLength(1);
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
])('reads of group %j the kinds %j, and none of another group', (group, kinds) => {
  const counted = (of: string) => Inventory.of(kinds.map((kind) => ({ apiVersion: `${of}v1`, kind, metadata: { name: 'a' } })));
  expect([kinds.map((kind) => counted(group).of({ group: group.replace('/', ''), kind }).length), [...counted('example.com/').all()]]).toEqual([kinds.map(() => 1), []]);
});

test.each([
  ['apps', ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']], ['batch', ['Job', 'CronJob']], ['argoproj.io', ['Rollout']],
])('reads of group %s the kinds %j as workloads, and none of another group', (group, kinds) => {
  const counted = (of: string) => Inventory.of(kinds.map((kind) => ({ apiVersion: `${of}/v1`, kind, metadata: { name: 'a' } })));
  expect([kinds.map((kind) => counted(group).of({ group, kind }).length), [...counted('example.com').all()]]).toEqual([kinds.map(() => 1), []]);
});

test('a kind that the user adds is read, and differs from other kinds of the same name', () => {
  const kinds = WorkloadKinds.with([{ group: 'serving.knative.dev', kind: 'Service', podTemplate: ['spec', 'template'] }]);
  const named = ['serving.knative.dev/v1', 'v1'].map((apiVersion) => ({ apiVersion, kind: 'Service', metadata: { name: 'a' } }));
  const objects = Inventory.of(named, { workloadKinds: kinds });
  expect([objects.of(KIND.Service), objects.of({ group: 'serving.knative.dev', kind: 'Service' }), objects.replaced].map(({ length }) => length)).toEqual([1, 1, 0]);
});

test('the last of two manifests of an object applies', () => {
  const [found, ...others] = Inventory.of([pod('a', { labels: { x: '1' } }), pod('a', { labels: { x: '2' } })]).of(KIND.Pod);
  expect([found.labels, others]).toEqual([{ x: '2' }, []]);
});

test('and each replaced manifest is listed with the next one', () => {
  const [one, two, three] = ['1', '2', '3'].map((x) => pod('a', { labels: { x } }));
  const { replaced } = Inventory.of([one, pod('b'), two, three]);
  expect(replaced.map(({ object, by }) => [object.source, by.source])).toEqual([[one, two], [two, three]]);
});

test('objects with the same generateName are distinct', () => {
  const unnamed = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' } };
  const objects = Inventory.of([unnamed, { ...unnamed }, pod('a-')]);
  expect([objects.of(KIND.Pod).map(({ name }) => name), objects.replaced]).toEqual([['a-', 'a-', 'a-'], []]);
});

describe('a change of the inventory', () => {
  const before = Inventory.of([pod('a'), pod('b'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }]);
  const names = (inventory: Inventory) => inventory.of(KIND.Pod).map(({ name, labels: { x = '' } }) => `${name}${x}`);

  test('returns another inventory, and doesn\'t change the original', () => {
    const after = before.with([{ apply: pod('b', { labels: { x: '1' } }) }, { apply: pod('c') }, { delete: before.of(KIND.Pod)[0] }]);
    expect([names(before), names(after)]).toEqual([['a', 'b'], ['b1', 'c']]);
    expect(after.replaced).toEqual([]);
  });

  test('reuses unaffected objects', () => {
    const after = before.with([{ apply: pod('b', { labels: { x: '1' } }) }]);
    expect(after.of(KIND.Pod)[0]).toBe(before.of(KIND.Pod)[0]);
    expect(after.of(KIND.Service)).toBe(before.of(KIND.Service));
    expect(after.owners).toBe(before.owners);
  });

  test('can replace an object with generateName', () => {
    const unnamed = (x: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'g-', labels: { x } } });
    const inventory = Inventory.of([unnamed('1'), unnamed('2')]);
    expect(names(inventory.with([{ apply: unnamed('3'), replaces: inventory.of(KIND.Pod)[0] }])).sort()).toEqual(['g-2', 'g-3']);
    expect(names(inventory.with([{ apply: unnamed('3') }]))).toHaveLength(3);
  });

  test('deleting an object also forgets the manifests that it replaced', () => {
    const inventory = Inventory.of([pod('a'), pod('a')]);
    expect([inventory.replaced.length, inventory.with([{ delete: inventory.of(KIND.Pod)[0] }]).replaced.length]).toEqual([1, 0]);
  });

  test.each<[string, string | undefined, object, number | undefined]>([
    ['keeps the age of the object that it replaces', '2020-01-01T00:00:00Z', pod('a'), Date.UTC(2020, 0)],
    ['has its own age if it states one', '2020-01-01T00:00:00Z', pod('a', { creationTimestamp: '2021-01-01T00:00:00Z' }), Date.UTC(2021, 0)],
    ['is the youngest if it is new', '2020-01-01T00:00:00Z', pod('c'), YOUNGEST],
    ['has no age if no object has one', undefined, pod('c'), undefined],
  ])('an applied object %s', (_, creationTimestamp, apply, created) => {
    const after = Inventory.of([pod('a', { creationTimestamp })]).with([{ apply }]);
    expect(after.of(KIND.Pod).find(({ source }) => source === apply)!.created).toBe(created);
  });

  test('sets the given creation time', () => {
    expect(before.with([{ apply: pod('c'), created: YOUNGEST }]).of(KIND.Pod)[2].created).toBe(YOUNGEST);
  });

  test('applies the last of several manifests of an object, with the age of the replaced one', () => {
    const dated = Inventory.of([pod('a', { creationTimestamp: '2020-01-01T00:00:00Z' })]);
    const after = dated.applying([pod('a', { creationTimestamp: '2021-01-01T00:00:00Z' }), pod('a', { labels: { x: '2' } })]);
    expect([names(after), after.of(KIND.Pod)[0].created, after.replaced.length]).toEqual([['a2'], Date.UTC(2020, 0), 1]);
  });
});

test('an id consists of cluster, group, kind, namespace and name', () => {
  const [id, ...others] = [
    readObject(pod('a'))!, readObject(pod('a'), { cluster: 'other' })!, readObject({ ...pod('a'), apiVersion: 'example.com/v1' })!,
    readObject({ ...pod('a'), kind: 'Job' })!, readObject(pod('a', { namespace: 'b' }))!, readObject(pod('b'))!,
  ].map(idKey);
  expect(new Set([id, ...others]).size).toBe(6);
  expect(idKey(idOf(readObject(pod('a', { labels: { x: '1' } }))!))).toBe(id);
});

test('gives all objects, kind by kind', () => {
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } };
  expect([...Inventory.of([pod('b'), job, pod('a')]).all()].map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Job j', 'Pod a', 'Pod b']);
});

test('is in namespace default if unset; a Namespace is in none', () => {
  expect(readObject(pod('a'))!.namespace).toBe('default');
  expect(readObject(pod('a', { namespace: 'b' }))!.namespace).toBe('b');
  expect(readObject({ kind: 'Namespace', metadata: { name: 'a', namespace: 'b' } })!.namespace).toBe('');
});

test.each(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService', 'CustomResourceDefinition'])('a %s has no namespace', (kind) => {
  expect(readObject({ apiVersion: usualApiVersion(kind), kind, metadata: { name: 'a', namespace: 'b' } })!.namespace).toBe('');
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

test('an invalid creationTimestamp counts as none', () => {
  expect([new Date(NaN), 5, null, 'soon'].map((creationTimestamp) => readObject(pod('a', { creationTimestamp }))!.created)).toEqual(Array<undefined>(4).fill(undefined));
});

test('strings are compared by code unit', () => {
  expect([compareTexts('a', 'a'), compareTexts('Z', 'a'), compareTexts('b', 'a')]).toEqual([0, -1, 1]);
});

test('a name is kind, namespace and name', () => {
  expect(nameOf(readObject(pod('a'))!)).toEqual({ kind: 'Pod', namespace: 'default', name: 'a' });
});

test('reads numbers from strings, and skips list items of other types', () => {
  expect(['80', 80, '8x', '0x50', '80.0', 1.5, null, ''].map(integer)).toEqual([80, 80, ...Array<undefined>(6).fill(undefined)]);
  expect([texts(['a', 1]), texts('a'), mappings([{ a: 1 }, 'b']), mappings({})]).toEqual([['a'], [], [{ a: 1 }], []]);
});

test('labels are strings: ignores other values', () => {
  expect(labelsOf({ a: 'x', b: 1 })).toEqual({ a: 'x' });
  expect(labelsOf(undefined)).toEqual({});
  const labels = { a: 'x' };
  expect(labelsOf(labels)).toBe(labels);
});

test.each([['1', true], ['True', true], ['0', false], ['F', false], ['no', undefined], [undefined, undefined]])('the boolean %j is read as %j', (text, boolean) => {
  expect(booleanText(text)).toBe(boolean);
});

test('an object is worded with kind, namespace and name, without namespace if cluster-scoped', () => {
  expect([objectText({ kind: 'Pod', namespace: 'a', name: 'b' }), objectText({ kind: 'Namespace', namespace: '', name: 'b' })]).toEqual(['Pod a/b', 'Namespace b']);
});
