import { FieldPath } from '../../findings/finding';
import { WorkloadKind } from '../../manifests/kinds';
import { integer, isMapping, labelsOf, Mapping, mapping, mappings, text, texts } from '../../manifests/mapping';
import { NETWORK_VARIABLE, changingVariableOf } from '../config/proxy-config';
import { FieldRef } from '../inventory/field-ref';
import { Inventory } from '../inventory/inventory';
import { KIND, Kind } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import { keyOf, ownerOf } from '../inventory/owners';
import { Labels } from '../names/labels';

/** The user, and the group, that a sidecar runs as. */
const PROXY_USER = 1337;

/** The containers that the injector writes. */
const OF_INJECTOR: ReadonlySet<unknown> = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'enable-core-dump']);

/** The names that pods resolve differently from the cluster's DNS: those in `hostAliases`, or all, with their own name servers. */
export type OwnNames = readonly string[] | 'all';

const NO_NAMES: OwnNames = Object.freeze([]);

/** Where a manifest describes pods: a field of an object, mostly of the one that runs them. */
export interface PodSource {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** Where a label or an annotation of pods is written. */
export function podMetadataAt({ object, field }: PodSource, kind: 'labels' | 'annotations', name: string): FieldRef {
  return { object, field: [...field, 'metadata', kind, name] };
}

/** The pods that a workload creates, as its manifest describes them. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** The hosts that it resolves differently from the cluster's DNS. */
  readonly ownNames: OwnNames;
  /** Whether some container runs as the sidecar's user or group. */
  readonly asProxy: boolean;
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  /** Whether it is one of the `initContainers`. */
  readonly init: boolean;
  /** Command and arguments. */
  readonly words: readonly string[];
  readonly ports: readonly ContainerPort[];
  /** The network that it sets for a proxy. */
  readonly network?: string;
  /** The first of its variables that changes a proxy beyond the model. */
  readonly changingVariable?: string;
  /** A regular container, or an init container that keeps running (`restartPolicy: Always`). */
  readonly runs: boolean;
}

export interface ContainerPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
}

/** The pods' own spec. */
export function podSpecOf(source: PodSource): Mapping {
  return mapping(mapping(templateAt(source)).spec);
}

export function readPodTemplate(source: PodSource): PodTemplate {
  const { metadata, spec } = mapping(templateAt(source));
  return readPod(mapping(metadata), mapping(spec));
}

/** Whether there is a template where one is expected. */
function isPodSource(source: PodSource): boolean {
  return isMapping(templateAt(source));
}

function templateAt({ object, field }: PodSource): unknown {
  let at: unknown = object.source;
  for (const step of field) at = mapping(at)[step];
  return at;
}

function readPod(metadata: Mapping, spec: Mapping): PodTemplate {
  return {
    labels: labelsOf(metadata.labels),
    annotations: labelsOf(metadata.annotations),
    serviceAccount: text(spec.serviceAccountName) ?? text(spec.serviceAccount) ?? 'default',
    hostNetwork: spec.hostNetwork === true,
    ownNames: ownNamesIn(spec),
    asProxy: [...mappings(spec.containers), ...mappings(spec.initContainers)].some((container) => isAsProxy(spec, container)),
    containers: [
      ...mappings(spec.containers).map((container) => readContainer(container, false)),
      ...mappings(spec.initContainers).map((container) => readContainer(container, true)),
    ],
  };
}

/** Stands for pods about which nothing is known. */
export const UNKNOWN_PODS: PodTemplate = readPod({}, {});

/** The pod's user and group apply if a container doesn't set them. */
function isAsProxy(spec: Mapping, container: Mapping): boolean {
  if (spec.securityContext === undefined && container.securityContext === undefined) return false;
  const { runAsUser, runAsGroup } = { ...mapping(spec.securityContext), ...mapping(container.securityContext) };
  return !OF_INJECTOR.has(container.name) && (runAsUser === PROXY_USER || runAsGroup === PROXY_USER);
}

/** Variables from elsewhere may be any of a proxy's. */
function changingIn({ env, envFrom }: Mapping): string | undefined {
  return mappings(envFrom).length > 0 ? 'envFrom' : changingVariableOf(mappings(env));
}

function readContainer(container: Mapping, init: boolean): Container {
  return {
    name: text(container.name) ?? '',
    image: text(container.image),
    init,
    words: [...texts(container.command), ...texts(container.args)],
    ports: mappings(container.ports).flatMap(({ containerPort, name, protocol }) => {
      const number = integer(containerPort);
      return number === undefined ? [] : [{ number, name: text(name) ?? '', protocol: text(protocol) ?? 'TCP' }];
    }),
    network: text(mappings(container.env).find(({ name }) => name === NETWORK_VARIABLE)?.value),
    changingVariable: container.name === 'istio-proxy' ? changingIn(container) : undefined,
    runs: !init || container.restartPolicy === 'Always',
  };
}

function ownNamesIn({ dnsPolicy, hostAliases }: Mapping): OwnNames {
  if (dnsPolicy === 'None') return 'all';
  return hostAliases === undefined ? NO_NAMES : mappings(hostAliases).flatMap(({ hostnames }) => texts(hostnames));
}

/** Whether a host is among them, possibly as a short name. */
export function isOwnName(names: OwnNames, host: string): boolean {
  return names === 'all' || names.some((name) => host === name || host.startsWith(`${name}.`));
}

/** What a Rollout may run the pods of, by the field of their template. */
const REFERENCES: readonly { readonly kind: Kind; readonly field: FieldPath }[] = [
  { kind: KIND.Deployment, field: ['spec', 'template'] },
  { kind: KIND.ReplicaSet, field: ['spec', 'template'] },
  { kind: KIND.PodTemplate, field: ['template'] },
];

/**
 * What runs pods, and where those are described; undefined: nowhere in the manifests. What another object in the manifests creates
 * isn't among them, nor what a Rollout names as its `workloadRef`: their pods are counted where they come from.
 */
export function podSources(objects: Inventory): ReadonlyMap<MeshObject, PodSource | undefined> {
  const sources = new Map<MeshObject, PodSource | undefined>();
  for (const kind of objects.workloadKinds.all) {
    for (const object of objects.of(kind)) sources.set(object, sourceIn(object, kind));
  }
  leaveOutMade(sources, objects);
  leadToReferences(sources, objects);
  return sources;
}

/** An API server accepts none of Kubernetes' own kinds without a template; an operator's object may keep it elsewhere. */
function sourceIn(object: MeshObject, { group, podTemplate }: WorkloadKind): PodSource | undefined {
  const source = { object, field: podTemplate };
  return !group.includes('.') || isPodSource(source) ? source : undefined;
}

function leaveOutMade(sources: Map<MeshObject, unknown>, { owners }: Inventory): void {
  if (owners.isEmpty) return;
  const made = owners.madeBy(new Set([...sources.keys()].map(keyOf)));
  for (const object of sources.keys()) if (made.has(keyOf(object))) sources.delete(object);
}

/** Argo scales down what a Rollout refers to, and runs its pods instead. */
function leadToReferences(sources: Map<MeshObject, PodSource | undefined>, objects: Inventory): void {
  const referring = objects.of(KIND.Rollout).filter((object) => sources.has(object) && isMapping(object.spec.workloadRef));
  if (referring.length === 0) return;
  const known = new Map(REFERENCES.flatMap(({ kind, field }) => objects.of(kind).map((object) => [keyOf(object), { object, field }] as const)));
  for (const rollout of referring) {
    const source = known.get(keyOf(ownerOf(mapping(rollout.spec.workloadRef), rollout.namespace)));
    sources.set(rollout, source);
    if (source) sources.delete(source.object);
  }
}
