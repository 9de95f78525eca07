import { Proxy } from './proxy';
import { isEmpty } from '../names/selector';

type Annotations = Readonly<Record<string, string>>;

const PREFIX = 'traffic.sidecar.istio.io/';

/** Ports of Istio's own: no traffic of an application uses them. */
const ISTIO_PORTS = new Set([15000, 15001, 15002, 15003, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090]);

/** Which traffic iptables leads through a workload's sidecar. */
export interface Interception {
  /** The annotation that leaves traffic out by address, which manifests don't hold; or undefined. */
  readonly byAddress?: string;
  /** NONE: the sidecar binds ports of its own, and iptables leads nothing through it. */
  readonly redirection: 'REDIRECT' | 'NONE';
  /** Why nothing intercepts calls to this port, or undefined: the sidecar does. */
  whyNotInbound(port: number): string | undefined;
  /** Why nothing intercepts calls from the workload to this port. */
  whyNotOutbound(port: number): string | undefined;
}

export function interceptionOf(proxy: Proxy, annotations: Annotations): Interception {
  if (proxy.kind !== 'sidecar') return NOTHING_INTERCEPTED;
  if (isEmpty(annotations)) return ORDINARY;
  return annotations['sidecar.istio.io/interceptionMode'] === 'NONE' ? NO_REDIRECTION : redirected(annotations);
}

function redirected(annotations: Annotations): Interception {
  const inbound = portRule(annotations, 'InboundPorts');
  const outbound = portRule(annotations, 'OutboundPorts');
  const statusPort = Number(annotations['status.sidecar.istio.io/port'] ?? NaN);
  return {
    redirection: 'REDIRECT',
    whyNotInbound: (port) => (ISTIO_PORTS.has(port) || port === statusPort ? `port ${port} is Istio's own` : inbound(port)),
    whyNotOutbound: (port) => (ISTIO_PORTS.has(port) ? `port ${port} is Istio's own` : outbound(port)),
    byAddress: ['includeOutboundIPRanges', 'excludeOutboundIPRanges']
      .map((name) => PREFIX + name)
      .find((name) => (annotations[name] ?? '') !== '' && annotations[name] !== '*'),
  };
}

/** That of the many workloads without annotations. */
const ORDINARY = redirected({});

const NOTHING_INTERCEPTED: Interception = {
  redirection: 'NONE',
  whyNotInbound: () => 'the workload has no sidecar',
  whyNotOutbound: () => 'the workload has no sidecar',
};

const NO_REDIRECTION: Interception = {
  redirection: 'NONE',
  whyNotInbound: () => undefined,
  whyNotOutbound: () => undefined,
};

/** `exclude…` counts for inbound ports only while `include…` is `*`, and always for outbound ones. */
function portRule(annotations: Annotations, ports: 'InboundPorts' | 'OutboundPorts'): (port: number) => string | undefined {
  const [include, exclude] = [`${PREFIX}include${ports}`, `${PREFIX}exclude${ports}`];
  const included = annotations[include];
  const [includes, excludes] = [portList(included), portList(annotations[exclude])];
  if (ports === 'InboundPorts' && included !== undefined && included.trim() !== '*') {
    return (port) => (includes.has(port) ? undefined : `${include} is '${included}'`);
  }
  return (port) => (excludes.has(port) ? `${exclude} is ${annotations[exclude]}` : undefined);
}

function portList(list: string | undefined): ReadonlySet<number> {
  return new Set((list ?? '').split(',').map((entry) => Number(entry.trim() || NaN)));
}
