// Objects of Kubernetes' kinds with names, labels and annotations of every form.
import type { Fields } from '../../manifest';

const LABELS = { app: 'web' };
const POD = { containers: [{ name: 'web', image: 'web' }] };
const RUN_ONCE = { ...POD, restartPolicy: 'Never' };
const TEMPLATE = { metadata: { labels: LABELS }, spec: POD };
const WEBHOOKS = [{
  name: 'web.example.com', clientConfig: { url: 'https://web.example.com' }, sideEffects: 'None', admissionReviewVersions: ['v1'],
}];
const RUNS_PODS = { spec: { selector: { matchLabels: LABELS }, template: TEMPLATE } };
const JOB = { template: { metadata: { labels: LABELS }, spec: RUN_ONCE } };

/** Valid objects, but for their metadata. */
const OBJECTS: readonly Fields[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'Service', spec: { selector: LABELS, ports: [{ name: 'http', port: 80 }] } },
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'Endpoints' },
  { apiVersion: 'v1', kind: 'Pod', spec: POD },
  { apiVersion: 'v1', kind: 'PodTemplate', template: TEMPLATE },
  { apiVersion: 'v1', kind: 'ReplicationController', spec: { selector: LABELS, template: TEMPLATE } },
  ...['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet'].map((kind) => ({ apiVersion: 'apps/v1', kind, ...RUNS_PODS })),
  { apiVersion: 'batch/v1', kind: 'Job', spec: JOB },
  { apiVersion: 'batch/v1', kind: 'Job', spec: { ...JOB, completionMode: 'Indexed', completions: 12, parallelism: 1 } },
  { apiVersion: 'batch/v1', kind: 'Job', spec: { ...JOB, manualSelector: true, selector: { matchLabels: LABELS } } },
  { apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '0 0 * * *', jobTemplate: { spec: JOB } } },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', endpoints: [] },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', spec: { controller: 'example.com/web' } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
  ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => (
    { apiVersion: 'admissionregistration.k8s.io/v1', kind, webhooks: WEBHOOKS })),
];

const NAMES: readonly unknown[] = [
  'web-1', '1web', 'web.shop', 'Web', 'under_score', '-web', 'web-', 'web.', 'web.-', 'a b', 'a/b', '$WEB', 'ü', '', '-', 'true',
  ...[47, 48, 52, 53, 59, 60, 61, 63, 64, 253, 254].map((length) => 'a'.repeat(length)), 1, true, null, {}, [],
];
const KEYS = ['app', 'istio.io/rev', 'kubernetes.io/x', 'a/b/c', '-a', 'UPPER/a', 'Upper', 'a'.repeat(64)];
const VALUES: readonly unknown[] = ['web', 'a b', '-a', 'a'.repeat(64), '', 1, true, null, {}];

/** Kinds with labels and namespaces of every form: these are checked alike for all kinds. */
const LABELLED = ['Namespace', 'Service', 'Secret'];

/** Each kind with each name and prefix, with a name and without, and some with each namespace, label and annotation. */
export function kubernetesObjects(): Fields[] {
  return [...OBJECTS.flatMap((object) => metadataOf(object.kind).map((metadata) => ({ ...object, metadata }))), ...deployments()];
}

function metadataOf(kind: string): Fields[] {
  const named = NAMES.flatMap((name) => [{ name }, { generateName: name }, { name: 'web', generateName: name }]);
  if (!LABELLED.includes(kind)) return named;
  const labels = KEYS.flatMap((key) => VALUES.map((value) => ({ [key]: value })));
  return [
    ...named,
    ...kind === 'Namespace' ? [] : NAMES.map((namespace) => ({ name: 'web', namespace })),
    ...labels.flatMap((map) => [{ name: 'web', labels: map }, { name: 'web', annotations: map }]),
  ];
}

/** Deployments whose pods have labels and annotations of every form. */
function deployments(): Fields[] {
  const maps = KEYS.filter((key) => key !== 'app').flatMap((key) => VALUES.map((value) => ({ [key]: value })));
  return maps.flatMap((map) => [{ labels: { ...LABELS, ...map } }, { labels: LABELS, annotations: map }]).map((metadata) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { ...RUNS_PODS.spec, template: { ...TEMPLATE, metadata } },
  }));
}
