import { FieldPath } from '../../findings/field-path';
import { NETWORK_VARIABLE } from '../config/proxy-config';
import { changingVariableOf } from '../config/proxy-variables';
import { Labels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';

/** The user, and the group, that a sidecar runs as. */
const PROXY_USER = 1337;

/** The containers that the injector writes. */
const OF_INJECTOR: ReadonlySet<unknown> = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'enable-core-dump']);

/** The names that pods resolve otherwise than the cluster's DNS: those of `hostAliases`, or all, with name servers of their own. */
export type OwnNames = readonly string[] | 'all';

const NO_NAMES: OwnNames = Object.freeze([]);

/** Where a manifest describes pods: a field of an object, mostly of the one that runs them. */
export interface PodSource {
  readonly object: MeshObject;
  readonly field: FieldPath;
}

/** The pods that a workload makes, as its manifest describes them. */
export interface PodTemplate {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  /** The hosts that it resolves otherwise than the cluster's DNS. */
  readonly ownNames: OwnNames;
  /** Whether some container runs as the user or group that the sidecar does. */
  readonly asProxy: boolean;
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  /** Command and arguments. */
  readonly words: readonly string[];
  readonly ports: readonly ContainerPort[];
  /** The network that it tells a proxy to be on. */
  readonly network?: string;
  /** The first of its variables that makes a proxy another than the model knows. */
  readonly changingVariable?: string;
  /** An init container that runs on beside the others (`restartPolicy: Always`), or a container proper. */
  readonly runs: boolean;
}

export interface ContainerPort {
  readonly number: number;
  readonly name: string;
  readonly protocol: string;
}

/** The pods' own spec. */
export function podSpecOf(source: PodSource): Shape {
  return shape(shape(templateAt(source)).spec);
}

export function readPodTemplate(source: PodSource): PodTemplate {
  const { metadata, spec } = shape(templateAt(source));
  return readPod(shape(metadata), shape(spec));
}

/** Whether there is a template where one should be. */
export function isPodSource(source: PodSource): boolean {
  return isShape(templateAt(source));
}

function templateAt({ object, field }: PodSource): unknown {
  let at: unknown = object.source;
  for (const step of field) at = shape(at)[step];
  return at;
}

function readPod(metadata: Shape, spec: Shape): PodTemplate {
  return {
    labels: labelsOf(metadata.labels),
    annotations: labelsOf(metadata.annotations),
    serviceAccount: text(spec.serviceAccountName) ?? text(spec.serviceAccount) ?? 'default',
    hostNetwork: spec.hostNetwork === true,
    ownNames: ownNamesIn(spec),
    asProxy: [...shapes(spec.containers), ...shapes(spec.initContainers)].some((container) => isAsProxy(spec, container)),
    containers: [
      ...shapes(spec.containers).map((container) => readContainer(container, true)),
      ...shapes(spec.initContainers).map((container) => readContainer(container, container.restartPolicy === 'Always')),
    ],
  };
}

/** What stands for pods of which nothing is known. */
export const UNKNOWN_PODS: PodTemplate = readPod({}, {});

/** What a container doesn't say of its user and group, its pod says. */
function isAsProxy(spec: Shape, container: Shape): boolean {
  if (spec.securityContext === undefined && container.securityContext === undefined) return false;
  const { runAsUser, runAsGroup } = { ...shape(spec.securityContext), ...shape(container.securityContext) };
  return !OF_INJECTOR.has(container.name) && (runAsUser === PROXY_USER || runAsGroup === PROXY_USER);
}

/** What a proxy's variables come from elsewhere may be any. */
function changingIn({ env, envFrom }: Shape): string | undefined {
  return shapes(envFrom).length > 0 ? 'envFrom' : changingVariableOf(shapes(env));
}

function readContainer(container: Shape, runs: boolean): Container {
  return {
    name: text(container.name) ?? '',
    words: [...texts(container.command), ...texts(container.args)],
    ports: shapes(container.ports).flatMap(({ containerPort, name, protocol }) => {
      const number = integer(containerPort);
      return number === undefined ? [] : [{ number, name: text(name) ?? '', protocol: text(protocol) ?? 'TCP' }];
    }),
    network: text(shapes(container.env).find(({ name }) => name === NETWORK_VARIABLE)?.value),
    changingVariable: container.name === 'istio-proxy' ? changingIn(container) : undefined,
    runs,
  };
}

function ownNamesIn({ dnsPolicy, hostAliases }: Shape): OwnNames {
  if (dnsPolicy === 'None') return 'all';
  return hostAliases === undefined ? NO_NAMES : shapes(hostAliases).flatMap(({ hostnames }) => texts(hostnames));
}

/** Whether a host is among them, perhaps by a short name. */
export function isOwnName(names: OwnNames, host: string): boolean {
  return names === 'all' || names.some((name) => host === name || host.startsWith(`${name}.`));
}
