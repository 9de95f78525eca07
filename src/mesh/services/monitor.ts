import { indexedMappings, integer, labelsOf, Mapping, mapping, mappings, text, texts } from '../../manifests/mapping';
import { FieldRef, within } from '../inventory/field-ref';
import { MeshObject } from '../inventory/object';
import { Labels } from '../names/labels';

/** A ServiceMonitor or PodMonitor: what Prometheus scrapes. */
export interface Monitor {
  readonly object: MeshObject;
  /** The labels of Services or pods; undefined if it selects by expressions. */
  readonly selector?: Labels;
  readonly namespaces: readonly string[] | 'all';
  /** The ports that are scraped in plaintext. */
  readonly endpoints: readonly MonitorEndpoint[];
}

/** A port in a monitor. */
export interface MonitorEndpoint {
  /** The field with the port. */
  readonly at: FieldRef;
  /** The name of a Service's port; undefined for any port, or if the monitor is for pods. */
  readonly port?: string;
  /** The number or name of a container's port. */
  readonly target?: number | string;
}

export function readPodMonitor(object: MeshObject): Monitor {
  return readMonitor(object, 'podMetricsEndpoints',
    ({ portNumber, port, targetPort }) => ({ target: targetIn(portNumber ?? port ?? targetPort) }));
}

/** `port` is a Service's port name, `targetPort` a container's port. */
export function readServiceMonitor(object: MeshObject): Monitor {
  return readMonitor(object, 'endpoints',
    ({ port, targetPort }) => ({ port: port === undefined ? undefined : String(port), target: targetIn(targetPort) }));
}

function readMonitor(object: MeshObject, list: string, portIn: (endpoint: Mapping) => Omit<MonitorEndpoint, 'at'>): Monitor {
  const { selector, namespaceSelector, [list]: endpoints } = object.spec;
  const { matchLabels, matchExpressions } = mapping(selector);
  const { any, matchNames } = mapping(namespaceSelector);
  const named = texts(matchNames);
  return {
    object,
    selector: mappings(matchExpressions).length > 0 ? undefined : labelsOf(matchLabels),
    namespaces: any === true ? 'all' : named.length > 0 ? named : [object.namespace],
    endpoints: indexedMappings(endpoints).filter(([, endpoint]) => isPlain(endpoint))
      .map(([index, endpoint]) => ({ at: within({ object, field: ['spec', list, index] }, ...portKeyOf(endpoint)), ...portIn(endpoint) })),
  };
}

/** Whether it is scraped in plaintext. A relabelled endpoint has an address that only Prometheus knows. */
function isPlain({ scheme, relabelings }: Mapping): boolean {
  return (text(scheme) ?? 'http').toLowerCase() === 'http'
    && !mappings(relabelings).some(({ targetLabel }) => targetLabel === '__address__' || targetLabel === '__scheme__');
}

function portKeyOf(endpoint: Mapping): readonly string[] {
  return ['port', 'portNumber', 'targetPort'].filter((name) => name in endpoint).slice(0, 1);
}

function targetIn(port: unknown): number | string | undefined {
  return integer(port) ?? text(port);
}
