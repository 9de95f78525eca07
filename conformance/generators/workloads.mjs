// Workloads of all kinds.
import fc from 'fast-check';
import { containerPort, maybe, namespace, objects, podLabels, present } from './words.mjs';

const KINDS = {
  Deployment: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', ReplicaSet: 'apps/v1', ReplicationController: 'v1', Job: 'batch/v1', CronJob: 'batch/v1', Pod: 'v1',
  Rollout: 'argoproj.io/v1alpha1',
};

const extraLabels = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false' }) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'true' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/rev': 'canary' }) },
  { weight: 1, arbitrary: fc.constant({ 'security.istio.io/tlsMode': 'disabled' }) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false', 'security.istio.io/tlsMode': 'istio' }) },
);

const annotations = fc.oneof(
  { weight: 16, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false' }) },
  { weight: 1, arbitrary: fc.constant({ 'inject.istio.io/templates': 'gateway' }) },
  { weight: 1, arbitrary: fc.constant({ 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' }) },
  { weight: 1, arbitrary: fc.constant({ 'traffic.sidecar.istio.io/includeInboundPorts': '80,9000' }) },
);

const portName = fc.constantFrom('http', 'main', 'metrics');
const ports = fc.uniqueArray(fc.record({ containerPort, name: fc.option(portName, { nil: undefined, freq: 3 }) }), { minLength: 1, maxLength: 3, selector: ({ containerPort: number }) => number })
  .map((all) => all.map((one) => (one.name === 'metrics' && one.containerPort === 9090 ? { ...one, protocol: 'UDP' } : one)))
  .map((all) => all.map(present));

/** A container that starts before the others and stays, with a port of its own, or one that ends before they start. */
const initContainer = fc.record({ restartPolicy: maybe(fc.constant('Always')), containerPort, name: fc.option(portName, { nil: undefined }) })
  .map(({ restartPolicy, ...port }) => present({ name: 'helper', image: 'helper:1', restartPolicy, ports: [present(port)] }));

const pod = fc.record({ labels: podLabels, extraLabels, annotations, ports, initContainer: maybe(initContainer, 6), serviceAccountName: maybe(fc.constantFrom('one', 'two')), hostNetwork: maybe(fc.constant(true), 25) })
  .map(({ labels, extraLabels: extra, annotations: notes, ports: own, initContainer: init, serviceAccountName, hostNetwork }) => ({
    metadata: present({ labels: { ...labels, ...extra }, annotations: notes }),
    spec: present({ initContainers: init && [init], containers: [{ name: 'app', image: 'app:1', ports: own }], serviceAccountName, hostNetwork }),
  }));

function workload({ kind, name, ns, template }) {
  const metadata = { name, namespace: ns };
  const { labels } = template.metadata;
  // Some select their pods by all labels, which then can't be taken away.
  const selected = name === 'w4' ? labels : { app: labels.app };
  const spec = { template, selector: kind === 'ReplicationController' ? selected : { matchLabels: selected } };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata: { ...metadata, ...template.metadata }, spec: template.spec };
  if (kind === 'CronJob') return { apiVersion: KINDS[kind], kind, metadata, spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } };
  return { apiVersion: KINDS[kind], kind, metadata, spec };
}

const kind = fc.oneof({ weight: 4, arbitrary: fc.constant('Deployment') }, { weight: 3, arbitrary: fc.constantFrom(...Object.keys(KINDS)) });

export const workloads = objects(fc.record({ kind, name: fc.constantFrom('w1', 'w2', 'w3', 'w4'), ns: namespace, template: pod }).map(workload), 6, 3);
