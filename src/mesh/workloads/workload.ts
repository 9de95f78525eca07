import { labelsAfterInjection } from './injected-labels';
import { ProxyDecision } from './injection';
import { Interception, interceptionOf, Obstacle } from './interception';
import { Network, Networks } from './networks';
import { Container, ContainerPort, OwnNames, podMetadataAt, PodSource, PodTemplate } from './pod-template';
import { Proxy } from './proxy';
import { mayRunSeveralPods } from './replicas';
import { EffectiveMeshConfig } from '../config/mesh-config';
import { FieldRef, wholeOf } from '../inventory/field-ref';
import { idKey, MeshObject, ObjectId } from '../inventory/object';
import { Labels } from '../names/labels';

/** Something that runs and calls: a Deployment, a CronJob, an Argo Rollout, a bare Pod. */
export interface Workload extends ObjectId {
  readonly object: MeshObject;
  /** Where its pods are described: an Argo Rollout may run those of a Deployment. */
  readonly podSource: PodSource;
  /** The labels of its pods, including those that the injector adds. */
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  readonly containers: readonly Container[];
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** Whether its pods may call each other. */
  readonly hasPeers: boolean;
  readonly ownNames: OwnNames;
  readonly proxy: Proxy;
  readonly interception: Interception;
  /** Whether its sidecar answers its DNS requests. */
  readonly dnsCapture: boolean;
  readonly location: Location;
  /** The name in its proxy's certificate. */
  readonly identity: string;
  /** Which of its templates these pods are of, while one replaces another; undefined: it has but one. */
  readonly template?: number;
}

/** A text that differs for pods that differ, of two templates of one workload, too. */
export function podsKey(workload: Workload): string {
  return workload.template === undefined ? idKey(workload) : `${idKey(workload)}#${workload.template}`;
}

/** Where a workload runs, and whose certificates count there. */
interface Location {
  /** That of its pods as they are described. */
  readonly network: Network;
  /** That of its pods as istiod knows them, and so as sidecars call them. */
  readonly servesOn: Network;
  /** That which its calls come from. */
  readonly callsFrom: Network;
  readonly trustDomain: string;
}

/** The annotation that keeps a port from the sidecar, or else the workload. */
export function obstacleAt({ object, podSource }: Workload, { annotation }: Obstacle): FieldRef {
  return annotation === undefined ? wholeOf(object) : podMetadataAt(podSource, 'annotations', annotation);
}

/** @param config that of the proxy's istiod, as it applies to the pod */
export function workloadOf(
  object: MeshObject, podSource: PodSource, pod: PodTemplate, decided: ProxyDecision, config: EffectiveMeshConfig, networks: Networks,
): Workload {
  const interception = interceptionOf(decided, pod, podSource, config);
  const proxy = new Proxy(decided, interception);
  const { cluster, group, kind, namespace, name } = object;
  return {
    // Not by `...idOf(object)`: of so many fields V8 makes objects slowly once some are spread.
    cluster,
    group,
    kind,
    namespace,
    name,
    object,
    podSource,
    labels: labelsAfterInjection(pod.labels, name, decided.kind),
    annotations: pod.annotations,
    ports: pod.containers.filter(({ runs }) => runs).flatMap(({ ports }) => ports),
    containers: pod.containers,
    serviceAccount: pod.serviceAccount,
    hostNetwork: pod.hostNetwork,
    hasPeers: mayRunSeveralPods(object),
    ownNames: pod.ownNames,
    proxy,
    interception,
    dnsCapture: config.dnsCapture,
    location: {
      network: networks.ofPods(pod.labels, podSource),
      servesOn: networks.ofServers(podSource, pod, proxy),
      callsFrom: networks.ofClient(podSource, pod, proxy, config),
      trustDomain: config.trustDomain,
    },
    identity: identityOf({ namespace, serviceAccount: pod.serviceAccount }, config.trustDomain),
    template: undefined,
  };
}

/** The name of a workload or a machine in its certificate. */
export function identityOf({ namespace, serviceAccount }: { namespace: string; serviceAccount: string }, trustDomain: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
