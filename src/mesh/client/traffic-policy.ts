import { FirstBy } from '../first-by';
import { integer, isShape, Shape, shape, shapes, text, texts } from '../objects/shape';

/** The TLS that a DestinationRule sets. */
export interface TlsSettings {
  readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL';
  readonly credentialName?: string;
  readonly clientCertificate?: string;
  readonly privateKey?: string;
  readonly sni?: string;
  readonly subjectAltNames: readonly string[];
}

/** What a policy of a DestinationRule says about TLS, for all ports and for some. */
export interface TrafficPolicy extends PortPolicy {
  readonly ports: readonly PortEntry[];
}

export interface PortPolicy {
  readonly tls?: TlsSettings;
  /** `loadBalancer.simple: PASSTHROUGH`: the connection goes to the address that the application chose. */
  readonly passthrough: boolean;
  /** Whether a PROXY protocol header goes before all else on a connection. An entry for a port can't say so. */
  readonly proxyProtocol: boolean;
}

/** What a policy says of one port. */
export interface PortEntry extends PortPolicy {
  readonly port: number;
}

const ENTRIES = new FirstBy<PortEntry, number>(({ port }) => port);
const TLS_ENTRIES = new FirstBy<PortEntry, number>(({ port, tls }) => (tls === undefined ? undefined : port));

export function readTrafficPolicy(policy: unknown): TrafficPolicy | undefined {
  if (!isShape(policy)) return undefined;
  return {
    ...readPortPolicy(policy),
    proxyProtocol: isShape(policy.proxyProtocol),
    ports: shapes(policy.portLevelSettings).flatMap((settings) => {
      const port = integer(shape(settings.port).number);
      return port === undefined ? [] : [{ ...readPortPolicy(settings), port }];
    }),
  };
}

function readPortPolicy(policy: Shape): PortPolicy {
  return {
    tls: isShape(policy.tls) ? readTls(policy.tls) : undefined,
    passthrough: shape(policy.loadBalancer).simple === 'PASSTHROUGH',
    proxyProtocol: false,
  };
}

/** `tls: {}` names no mode, and that means DISABLE, the API's zero value. */
function readTls(tls: Shape): TlsSettings {
  const { mode } = tls;
  return {
    mode: mode === 'SIMPLE' || mode === 'MUTUAL' || mode === 'ISTIO_MUTUAL' ? mode : 'DISABLE',
    credentialName: text(tls.credentialName),
    clientCertificate: text(tls.clientCertificate),
    privateKey: text(tls.privateKey),
    sni: text(tls.sni),
    subjectAltNames: texts(tls.subjectAltNames),
  };
}

/** The settings for one port: an entry for the port **replaces** the others, nothing is inherited. */
export function policyForPort(policy: TrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return portEntry(policy, port) ?? policy;
}

/** The settings of a subset on one port: what the subset leaves out, it inherits; of an entry for the port only the PROXY protocol. */
export function policyForSubset(policy: TrafficPolicy | undefined, subset: TrafficPolicy | undefined, port: number): PortPolicy | undefined {
  const wide = policyForPort(policy, port);
  if (!subset) return wide;
  const entry = portEntry(subset, port);
  if (!wide) return entry ?? subset;
  if (entry) return { ...entry, proxyProtocol: wide.proxyProtocol };
  return {
    tls: subset.tls ?? wide.tls,
    passthrough: subset.passthrough || wide.passthrough,
    proxyProtocol: subset.proxyProtocol || wide.proxyProtocol,
  };
}

/**
 * The mode by which istiod marks endpoints as speaking the mesh's TLS. Unlike `policyForPort` it **does**
 * fall back to the policy for all ports where the port's entry has no TLS.
 */
export function endpointHint(policy: TrafficPolicy | undefined, port: number): TlsSettings['mode'] | undefined {
  const entry = policy && TLS_ENTRIES.in(policy.ports, port);
  return (entry ?? policy)?.tls?.mode;
}

/** The settings of a policy's entry for one port. */
export function portEntry(policy: TrafficPolicy | undefined, port: number): PortPolicy | undefined {
  return policy && ENTRIES.in(policy.ports, port);
}
