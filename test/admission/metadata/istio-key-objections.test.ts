import { judgeIstioKeys } from '../../../src/admission/metadata/istio-key-objections';
import { Objection } from '../../../src/admission/objection';
import { fieldText } from '../../../src/findings/finding';
import { objectionsOf } from '../../support/admission/objections';

const istioKeyObjections = (object: unknown) => objectionsOf((at) => judgeIstioKeys(at, object));

const brief = (objections: readonly Objection[]) => objections.map(({ code, severity, field }) => `${severity} ${code} ${fieldText(field)}`);

function pod(metadata: object, spec: object = {}): any {
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

function deployment(template: object, metadata: object = {}): any {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { metadata: template, spec: {} } } };
}

const TEMPLATE = 'spec.template.metadata';

describe('accepts keys of', () => {
  test.each<[string, any]>([
    ['a namespace with injection', { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'istio-injection': 'enabled' } } }],
    ['a namespace with a revision', { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'istio.io/rev': 'canary' } } }],
    ['an ambient namespace with a waypoint', { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' } } }],
    ['a workload with an injection label', deployment({ labels: { 'sidecar.istio.io/inject': 'true' } })],
    ['a workload with the deprecated annotation beside the label', deployment({ labels: { 'sidecar.istio.io/inject': 'true' }, annotations: { 'sidecar.istio.io/inject': 'true' } })],
    ['a workload and its pod with the same label', deployment({ labels: { 'sidecar.istio.io/inject': 'true' } }, { labels: { 'sidecar.istio.io/inject': 'true' } })],
    ['an object with a revision', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { labels: { 'istio.io/rev': 'default' } } }],
    ['a Service for a revision tag', { apiVersion: 'v1', kind: 'Service', metadata: { labels: { 'istio.io/tag': 'prod', 'istio.io/rev': '1-31' } } }],
    ['a WorkloadEntry, which stands for a pod', { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { labels: { 'service.istio.io/canonical-name': 'a' } } }],
    ['the template of a WorkloadGroup', { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadGroup', spec: { metadata: { labels: { 'security.istio.io/tlsMode': 'istio' } } } }],
    ['a Gateway API Gateway, which passes them on', { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { labels: { 'topology.istio.io/network': 'n', 'istio.io/waypoint-for': 'all' } } }],
    ['objects that Istio generates for a Gateway API Gateway', { apiVersion: 'v1', kind: 'Service', metadata: { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller', 'istio.io/dataplane-mode': 'none' } } }],
    ['a kind of another group', { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { annotations: { 'proxy.istio.io/config': 'x' } } }],
    ['other projects', pod({ labels: { 'app': 'a', 'notistio.io/x': 'a', 'app.kubernetes.io/name': 'a' }, annotations: { 'prometheus.io/scrape': 'true' } })],
    ['an installer', deployment({}, { labels: { 'operator.istio.io/component': 'Pilot', 'install.operator.istio.io/owning-resource': 'unknown' } })],
    ['an object without labels', pod({ labels: null, annotations: null })],
  ])('%s', (_, object) => {
    expect(brief(istioKeyObjections(object))).toEqual([]);
  });
});

describe('reports a key without effect:', () => {
  test.each<[string, any, string, string]>([
    ['a misspelled annotation', deployment({ annotations: { 'sidecar.istio.io/proxycpu': '1' } }), `warning ADMIT530 ${TEMPLATE}.annotations[sidecar.istio.io/proxycpu]`, 'did you mean \'sidecar.istio.io/proxyCPU\'?'],
    ['a removed annotation', pod({ annotations: { 'policy.istio.io/checkRetries': '1' } }), 'warning ADMIT530 metadata.annotations[policy.istio.io/checkRetries]', 'remove it'],
    ['a misspelled label', { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'istio.io/data-plane-mode': 'ambient' } } }, 'warning ADMIT530 metadata.labels[istio.io/data-plane-mode]', 'did you mean \'istio.io/dataplane-mode\'?'],
    ['a label in place of an annotation', { apiVersion: 'v1', kind: 'Namespace', metadata: { annotations: { 'istio-injection': 'enabled' } } }, 'warning ADMIT531 metadata.annotations.istio-injection', 'move it to labels'],
    ['an annotation in place of a label', pod({ labels: { 'inject.istio.io/templates': 'a' } }), 'warning ADMIT531 metadata.labels[inject.istio.io/templates]', 'move it to annotations'],
    ['a pod\'s label on the workload', deployment({}, { labels: { 'sidecar.istio.io/inject': 'false' } }), 'warning ADMIT532 metadata.labels[sidecar.istio.io/inject]', 'move it to the pod template\'s metadata'],
    ['a pod\'s annotation on a Service', { apiVersion: 'v1', kind: 'Service', metadata: { annotations: { 'proxy.istio.io/config': 'x' } } }, 'warning ADMIT532 metadata.annotations[proxy.istio.io/config]', 'set it on Pod'],
    ['a pod\'s label on a Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'sidecar.istio.io/inject': 'true' } } }, 'warning ADMIT532 metadata.labels[sidecar.istio.io/inject]', 'set it on Pod'],
    ['a Gateway API label on Istio\'s Gateway', { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { labels: { 'istio.io/waypoint-for': 'all' } } }, 'warning ADMIT532 metadata.labels[istio.io/waypoint-for]', 'set it on GatewayClass or Gateway'],
    ['an annotation that Istio no longer reads', pod({ annotations: { 'sidecar.istio.io/inject': 'true' } }), 'info ADMIT533 metadata.annotations[sidecar.istio.io/inject]', 'use the label \'sidecar.istio.io/inject\''],
  ])('%s', (_, object, expected, fix) => {
    const objections = istioKeyObjections(object);

    expect(brief(objections)).toEqual([expected]);
    expect(objections[0].fix).toBe(fix);
  });
});

test('accepts a pod\'s label on another object, because charts repeat labels, but not an annotation', () => {
  const service = (metadata: object) => brief(istioKeyObjections({ apiVersion: 'v1', kind: 'Service', metadata }));
  expect(service({ labels: { 'istio.io/dataplane-mode': 'none' } })).toEqual([]);
  expect(service({ annotations: { 'proxy.istio.io/config': 'x' } })).toEqual(['warning ADMIT532 metadata.annotations[proxy.istio.io/config]']);
});

describe('reports values', () => {
  const BAD_PORTS = { 'traffic.sidecar.istio.io/excludeInboundPorts': '*' };

  test('that the API server rejects, wherever pods are created', () => {
    expect(brief(istioKeyObjections(deployment({ labels: { 'sidecar.istio.io/inject': true, 'istio.io/rev': 'a b' } })))).toEqual([
      `error ADMIT506 ${TEMPLATE}.labels[sidecar.istio.io/inject]`,
      `error ADMIT508 ${TEMPLATE}.labels[istio.io/rev]`,
    ]);
  });

  test.each([
    ['a b', 'write \'a-b\''],
    ['!', 'delete the label, or write such a value'],
    ['-----BEGIN PRIVATE KEY-----MIIEabcdefghij', 'delete the label, and put keys and certificates into a Secret'],
  ])('that the API server rejects in a label, with a fix that adds no annotation, which Istio wouldn\'t read: %s', (value, expected) => {
    expect(istioKeyObjections(deployment({ labels: { 'istio.io/rev': value } })).map(({ code, fix }) => [code, fix])).toEqual([['ADMIT508', expected]]);
  });

  test('that the injector rejects', () => {
    expect(brief(istioKeyObjections(deployment({ annotations: BAD_PORTS })))).toEqual([`error ADMIT540 ${TEMPLATE}.annotations[traffic.sidecar.istio.io/excludeInboundPorts]`]);
  });

  test.each<[string, any]>([
    ['with injection disabled by label', pod({ labels: { 'sidecar.istio.io/inject': 'false' }, annotations: BAD_PORTS })],
    ['with host networking', pod({ annotations: BAD_PORTS }, { hostNetwork: true })],
  ])('that the injector would reject, not on pods %s, which it doesn\'t inject', (_, object) => {
    expect(istioKeyObjections(object).map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning ADMIT540']);
  });

  test('that Istio ignores', () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { labels: { 'istio-injection': 'true', 'istio.io/dataplane-mode': 'sidecar' } } };

    expect(istioKeyObjections(namespace).map(({ code, severity, actual, expected }) => [code, severity, actual, expected])).toEqual([
      ['ADMIT541', 'warning', '\'true\'', 'enabled or disabled'],
      ['ADMIT541', 'warning', '\'sidecar\'', 'ambient or none'],
    ]);
  });
});

test.each([
  ['apps/v1', 'StatefulSet', ['spec', 'template']],
  ['apps/v1', 'DaemonSet', ['spec', 'template']],
  ['apps/v1', 'ReplicaSet', ['spec', 'template']],
  ['v1', 'ReplicationController', ['spec', 'template']],
  ['argoproj.io/v1alpha1', 'Rollout', ['spec', 'template']],
  ['batch/v1', 'Job', ['spec', 'template']],
  ['batch/v1', 'CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
])('finds the pod template of %s %s', (apiVersion, kind, steps) => {
  const object = [...steps].reverse().reduce<any>((value, step) => ({ [step]: value }), { metadata: { labels: { 'istio.io/nonsense': 'x' } } });

  expect(istioKeyObjections({ apiVersion, kind, ...object }).map(({ field }) => field)).toEqual([[...steps, 'metadata', 'labels', 'istio.io/nonsense']]);
});

test.each([undefined, null, 1, 'x', [], {}, { kind: 1 }, { kind: 'Deployment', apiVersion: 'apps/v1', spec: 1 }, { kind: 'Pod', apiVersion: 'v1', metadata: [] }])('accepts any value without an exception: %j', (value) => {
  expect(istioKeyObjections(value)).toEqual([]);
});

test('a key as long as a file isn\'t compared with known keys letter by letter', () => {
  const [{ fix }] = istioKeyObjections(pod({ annotations: { [`istio.io/${'x'.repeat(1_000_000)}`]: '' } }));

  expect(fix).toBe('remove it');
});

test.each([
  ['labels', 'istio.io/rev', 'hunter2 is my password!', 'ADMIT508'],
  ['annotations', 'sidecar.istio.io/inject', 1234, 'ADMIT506'],
])('never quotes, of a Secret\'s %s, the value of %s', (map, key, value, code) => {
  const objections = istioKeyObjections({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', [map]: { [key]: value } } });
  expect(objections.map((one) => one.code)).toContain(code);
  expect(JSON.stringify(objections)).not.toMatch(/hunter2|1234/);
});

test.each([{ kind: 'Sekret', stringData: {} }, { kind: 'Sekret', data: {} }])('doesn\'t print values of a Secret with a misspelled kind: %j', (object) => {
  const objections = istioKeyObjections({ apiVersion: 'v1', metadata: { name: 'a', labels: { 'istio.io/rev': 'hunter2 is my password!' } }, ...object });
  expect(objections.map((one) => one.code)).toEqual(['ADMIT508']);
  expect(JSON.stringify(objections)).not.toContain('hunter2');
});
