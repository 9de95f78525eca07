import { ProxyDecision } from './injection';
import { podMetadataAt, PodSource, PodTemplate } from './pod-template';
import { EffectiveMeshConfig, meshConfigAt } from '../config/mesh-config';
import { PROXY_CONFIG } from '../config/proxy-config';
import { FieldRef } from '../inventory/field-ref';
import { isEmpty } from '../names/labels';

type Annotations = Readonly<Record<string, string>>;

const PREFIX = 'traffic.sidecar.istio.io/';
const MODE = 'sidecar.istio.io/interceptionMode';
const INCLUDED_RANGES = `${PREFIX}includeOutboundIPRanges`;
const EXCLUDED_RANGES = `${PREFIX}excludeOutboundIPRanges`;
const INCLUDED_INBOUND = `${PREFIX}includeInboundPorts`;
const EXCLUDED_INBOUND = `${PREFIX}excludeInboundPorts`;
const INCLUDED_OUTBOUND = `${PREFIX}includeOutboundPorts`;
const EXCLUDED_OUTBOUND = `${PREFIX}excludeOutboundPorts`;
const EXCLUDED_INTERFACES = `${PREFIX}excludeInterfaces`;

/** The annotations that change which calls of a client go through its sidecar. */
export const OUTBOUND_ANNOTATIONS: readonly string[] = [INCLUDED_RANGES, EXCLUDED_RANGES, INCLUDED_OUTBOUND, EXCLUDED_OUTBOUND];

/** The annotations that keep ports out of a server's sidecar: by listing those that it intercepts, and those that it doesn't. */
export const INBOUND_ANNOTATIONS = [INCLUDED_INBOUND, EXCLUDED_INBOUND] as const;

/** The sidecar's own ports, for which iptables redirects nothing to Envoy's inbound listener: HBONE, status, health, metrics. */
const ISTIO_PORTS = new Set([15008, 15020, 15021, 15090]);

/** Why nothing intercepts a port, or why it isn't known what does. */
export interface Obstacle {
  /** `injection`: there is no sidecar. The last two apply to machines. */
  readonly obstacle: 'injection' | 'annotation' | 'istio-port' | 'redirection' | 'sidecar-listener' | 'cipher-suite' | 'no-known-proxy' | 'foreign-proxy';
  /** The annotation that excludes the port from the sidecar. */
  readonly annotation?: string;
  /** In words. */
  readonly because: string;
}

/** Which traffic iptables redirects to a workload's sidecar. */
export interface Interception {
  /** NONE: the sidecar binds its own ports and iptables redirects nothing to it, or not the traffic of some interfaces. */
  readonly redirection: 'REDIRECT' | 'NONE';
  /** Where NONE is set: by an annotation or the mesh config; undefined: the facts about the cluster say so. */
  readonly redirectionBy?: FieldRef;
  /** Whether its applications run as the sidecar's user, whose calls iptables doesn't redirect. */
  readonly asProxy: boolean;
  /** Why nothing intercepts calls to this port, or undefined: the sidecar does. */
  whyNotInbound(port: number): Obstacle | undefined;
  /** Why nothing intercepts calls from the workload to this port. */
  whyNotOutbound(port: number): Obstacle | undefined;
  /** What excludes some calls to this port, such as an annotation by address, which manifests don't contain; or undefined. */
  byAddress(port: number): string | undefined;
}

/** @param config the mesh config as it applies to the pod */
export function interceptionOf(
  proxy: ProxyDecision, { annotations, asProxy }: PodTemplate, pods: PodSource, config: EffectiveMeshConfig,
): Interception {
  if (proxy.kind !== 'sidecar') return NOTHING_INTERCEPTED;
  if ((annotations[MODE] ?? config.interceptionMode) === 'NONE') {
    return { ...NO_REDIRECTION, redirectionBy: modeAt(annotations, pods, config) };
  }
  if ((annotations[EXCLUDED_INTERFACES] ?? '').trim() !== '') {
    return { ...NO_REDIRECTION, redirectionBy: podMetadataAt(pods, 'annotations', EXCLUDED_INTERFACES) };
  }
  const ordinary = isEmpty(annotations) ? ORDINARY : { ...ORDINARY, ...inboundOf(annotations), ...outboundOf(annotations) };
  return asProxy ? { ...ordinary, asProxy, byAddress: () => 'securityContext' } : ordinary;
}

/** Where the interception mode is set. */
function modeAt(annotations: Annotations, pods: PodSource, config: EffectiveMeshConfig): FieldRef | undefined {
  const annotation = annotations[MODE] === undefined ? PROXY_CONFIG : MODE;
  const isAnnotated = annotation === MODE || config.overridden?.has('interceptionMode');
  return isAnnotated ? podMetadataAt(pods, 'annotations', annotation) : meshConfigAt(config, 'defaultConfig', 'interceptionMode');
}

/** `exclude…` only counts while `include…` is `*`. */
function inboundOf(annotations: Annotations): Pick<Interception, 'whyNotInbound'> {
  const included = annotations[INCLUDED_INBOUND];
  const [includes, excludes] = [portsIn(included), portsIn(annotations[EXCLUDED_INBOUND])];
  const statusPort = Number(annotations['status.sidecar.istio.io/port'] ?? NaN);
  return {
    whyNotInbound: (port) => {
      if (ISTIO_PORTS.has(port) || port === statusPort) return { obstacle: 'istio-port', because: `port ${port} is Istio's own` };
      if (included !== undefined && included.trim() !== '*') return includes(port) ? undefined : ledBy(INCLUDED_INBOUND, `'${included}'`);
      return excludes(port) ? ledBy(EXCLUDED_INBOUND, annotations[EXCLUDED_INBOUND]) : undefined;
    },
  };
}

/** Excluded ports come first, then excluded addresses, then included ports, and the included addresses last; an empty list of addresses counts, too. */
function outboundOf(annotations: Annotations): Pick<Interception, 'whyNotOutbound' | 'byAddress'> {
  const ranges = annotations[INCLUDED_RANGES]?.trim() ?? '*';
  const [includes, excludes] = [portsIn(annotations[INCLUDED_OUTBOUND]), portsIn(annotations[EXCLUDED_OUTBOUND])];
  return {
    whyNotOutbound: (port) => {
      if (excludes(port)) return ledBy(EXCLUDED_OUTBOUND, annotations[EXCLUDED_OUTBOUND]);
      return ranges === '' && !includes(port) ? ledBy(INCLUDED_RANGES, '\'\'') : undefined;
    },
    byAddress: (port) => {
      if (ranges !== '*' && !includes(port)) return INCLUDED_RANGES;
      return (annotations[EXCLUDED_RANGES] ?? '').trim() === '' ? undefined : EXCLUDED_RANGES;
    },
  };
}

function ledBy(annotation: string, value: string): Obstacle {
  return { obstacle: 'annotation', annotation, because: `${annotation} is ${value}` };
}

/** The ports with which annotations exclude some from a server's sidecar; of a range, the first and last. */
export function portsInAnnotations(annotations: Annotations): readonly number[] {
  return INBOUND_ANNOTATIONS.flatMap((name) => (annotations[name] ? spansOf(annotations[name]).flat() : [])).filter((port) => port > 0);
}

const noPort = (): boolean => false;

function spansOf(list: string): readonly (readonly number[])[] {
  return list.split(',').map((entry) => entry.split(':').map((end) => Number(end.trim() || NaN)));
}

/** Whether a port is in a list such as `80,8000:8100`. */
function portsIn(list = ''): (port: number) => boolean {
  if (list === '') return noPort;
  const spans = spansOf(list);
  const ranges = spans.filter(([from, to]) => to !== undefined && from <= to);
  const ports = new Set(spans.filter(([, to]) => to === undefined).map(([port]) => port));
  return (port) => ports.has(port) || ranges.some(([from, to]) => from <= port && port <= to);
}

const intercepted = (): undefined => undefined;
const NO_SIDECAR: Obstacle = { obstacle: 'injection', because: 'the workload has no sidecar' };
const noSidecar = (): Obstacle => NO_SIDECAR;

const NOTHING_INTERCEPTED: Interception = {
  redirection: 'NONE', asProxy: false, whyNotInbound: noSidecar, whyNotOutbound: noSidecar, byAddress: intercepted,
};

const NO_REDIRECTION: Interception = {
  redirection: 'NONE', asProxy: false, whyNotInbound: intercepted, whyNotOutbound: intercepted, byAddress: intercepted,
};

/** For the many workloads without annotations. */
const ORDINARY: Interception = { redirection: 'REDIRECT', asProxy: false, ...inboundOf({}), ...outboundOf({}) };
