// Workloads of all kinds.
import fc, { type Arbitrary } from 'fast-check';
import type { Manifest, Metadata } from '../manifest';
import { type Labels } from '../specs';
import { customNotes } from './custom-proxies';
import { containerPort, maybe, namespace, objects, podLabels, present } from './words';

const KINDS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', ReplicaSet: 'apps/v1', ReplicationController: 'v1', Job: 'batch/v1', CronJob: 'batch/v1', Pod: 'v1',
  Rollout: 'argoproj.io/v1alpha1',
};

const extraLabels: Arbitrary<Labels> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false' }) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'true' }) },
  { weight: 1, arbitrary: fc.constant({ 'istio.io/rev': 'canary' }) },
  { weight: 1, arbitrary: fc.constant({ 'service.istio.io/canonical-name': 'shop' }) },
  { weight: 1, arbitrary: fc.constant({ 'security.istio.io/tlsMode': 'disabled' }) },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false', 'security.istio.io/tlsMode': 'istio' }) },
);

const annotations: Arbitrary<Labels | undefined> = fc.oneof(
  { weight: 20, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: customNotes },
  { weight: 1, arbitrary: fc.constant({ 'sidecar.istio.io/inject': 'false' }) },
  { weight: 1, arbitrary: fc.constant({ 'inject.istio.io/templates': 'gateway' }) },
  { weight: 1, arbitrary: fc.constant({ 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' }) },
  { weight: 1, arbitrary: fc.constant({ 'traffic.sidecar.istio.io/includeInboundPorts': '80,9000' }) },
);

const portName = fc.constantFrom('http', 'main', 'metrics');
const port = fc.record({ containerPort, name: fc.option(portName, { nil: undefined, freq: 3 }) });
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 3, selector: ({ containerPort: number }) => number })
  .map((all) => all.map((one) => (one.name === 'metrics' && one.containerPort === 9090 ? { ...one, protocol: 'UDP' } : one)))
  .map((all) => all.map(present));

/** A container that starts before the others and stays, with a port of its own, or one that ends before they start. */
const initContainer = fc.record({ restartPolicy: maybe(fc.constant('Always')), containerPort, name: fc.option(portName, { nil: undefined }) })
  .map(({ restartPolicy, ...own }) => present({ name: 'helper', image: 'helper:1', restartPolicy, ports: [present(own)] }));

/** Names that a pod has in the cluster's DNS, and those that lead it elsewhere. */
const ownNames = fc.oneof(
  { weight: 52, arbitrary: fc.constant({}) },
  { weight: 8, arbitrary: fc.constantFrom('web', 'api', 'db').map((subdomain) => ({ hostname: 'one', subdomain })) },
  { weight: 1, arbitrary: fc.constantFrom('web', 'api.a', 'web.a.svc.cluster.local', 'ext.example.com').map((name) => ({ hostAliases: [{ ip: '192.0.2.9', hostnames: [name] }] })) },
  { weight: 1, arbitrary: fc.constantFrom({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.8'] } }, { dnsPolicy: 'Default' }, { dnsConfig: { options: [{ name: 'ndots', value: '2' }] } }) },
);

const pod = fc.record({ labels: podLabels, extraLabels, annotations, ports, initContainer: maybe(initContainer, 6), serviceAccountName: maybe(fc.constantFrom('one', 'two')), hostNetwork: maybe(fc.constant(true), 25), names: ownNames, user: maybe(fc.constant({ runAsUser: 1337 }), 40) })
  .map(({ labels, extraLabels: extra, annotations: notes, ports: own, initContainer: init, serviceAccountName, hostNetwork, names, user }) => ({
    metadata: present({ labels: { ...labels, ...extra }, annotations: notes }),
    spec: present({ initContainers: init && [init], containers: [present({ name: 'app', image: 'app:1', ports: own, securityContext: user })], serviceAccountName, hostNetwork, ...names }),
  }));

/** How Argo shifts requests from one destination of a VirtualService to another. */
const canary = maybe(fc.constantFrom({ name: 'v1' }, { name: 'v1' }, { name: 'v2.a' }, { name: 'v1', routes: ['other'] })
  .map((virtualService) => ({ canary: { trafficRouting: { istio: { virtualService } } } })));

/** How many pods a workload asks for; most say nothing. */
const replicas = maybe(fc.constantFrom(2, 3, 1, 0), 4);

/** Of what kind a workload is, where, and what its pods are. */
interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly ns: string;
  readonly template: { readonly metadata: Omit<Metadata, 'name' | 'labels'> & { readonly labels: Labels }; readonly spec: object };
  readonly strategy?: object;
  readonly count?: number;
}

function workload({ kind, name, ns, template, strategy, count }: Workload): Manifest {
  const metadata = { name, namespace: ns };
  const { labels } = template.metadata;
  // Some select their pods by all labels, which then can't be taken away.
  const selected = name === 'w4' ? labels : { app: labels.app };
  const spec = { template, selector: kind === 'ReplicationController' ? selected : { matchLabels: selected } };
  if (kind === 'Rollout') return { apiVersion: KINDS[kind], kind, metadata, spec: present({ ...spec, replicas: count, strategy }) };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata: { ...metadata, ...template.metadata }, spec: template.spec };
  if (kind === 'CronJob') return { apiVersion: KINDS[kind], kind, metadata, spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } };
  if (kind === 'DaemonSet') return { apiVersion: KINDS[kind], kind, metadata, spec };
  const counted = present({ ...spec, [kind === 'Job' ? 'parallelism' : 'replicas']: count });
  return { apiVersion: KINDS[kind], kind, metadata, spec: kind === 'StatefulSet' ? { ...counted, serviceName: labels.app } : counted };
}

const kind = fc.oneof({ weight: 4, arbitrary: fc.constant('Deployment') }, { weight: 1, arbitrary: fc.constant('StatefulSet') }, { weight: 3, arbitrary: fc.constantFrom(...Object.keys(KINDS)) });

export const workloads = objects(fc.record({ kind, name: fc.constantFrom('w1', 'w2', 'w3', 'w4'), ns: namespace, template: pod, strategy: canary, count: replicas }).map(workload), 6, 3);
