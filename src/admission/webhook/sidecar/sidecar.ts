import { judgeEgress } from './egress';
import { IstioIngressListener, OutboundTrafficPolicy, ServerTLSSettings, SidecarSpec } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { parseGoInteger } from '../../../manifests/go-values';
import { Objections } from '../../objection';
import { Decoded } from '../decoded';
import { judgeConnectionPool } from '../destination-rule/connection-pool';
import { judgeIpAddress, judgeUnixAddress, UNIX_ADDRESS_PREFIX } from '../values/addresses';
import { judgeDnsName } from '../values/hosts';
import {
  isHttpProtocol, isPort, isTlsProtocol, judgePort, judgePortName, judgePortNumbers, judgeProtocol, judgeTargetPort,
} from '../values/ports';
import { judgeSelectorLabels, judgeSubsetName } from '../values/selectors';
import { judgeServerTls } from '../values/tls';

/** Rejects what istiod rejects in a Sidecar. */
export function judgeSidecar(objections: Objections, { metadata, spec }: Decoded<SidecarSpec>, rootNamespace: string): void {
  const at = objections.at('spec');
  const { workloadSelector, ingress = [], egress = [], outboundTrafficPolicy, inboundConnectionPool } = spec;
  if (workloadSelector) judgeSelectorLabels(at.at('workloadSelector', 'labels'), workloadSelector.labels, 'all workloads of its namespace');
  if (!ingress.length && !egress.length && !outboundTrafficPolicy && !inboundConnectionPool) objectToNothing(at);
  judgeIngress(at.at('ingress'), ingress);
  judgeConnectionPool(at.at('inboundConnectionPool'), inboundConnectionPool);
  const { namespace = 'default' } = metadata;
  // In the root namespace, `.` is the namespace of each workload that it applies to.
  judgeEgress(at.at('egress'), egress, namespace === rootNamespace ? undefined : namespace);
  judgeOutboundTrafficPolicy(at.at('outboundTrafficPolicy'), outboundTrafficPolicy);
}

function objectToNothing(at: Objections): void {
  at.error({
    code: 'ADMIT477',
    actual: 'without ingress, egress, outboundTrafficPolicy and inboundConnectionPool',
    expected: 'at least one of them',
    because: 'a Sidecar that sets nothing changes nothing',
    fix: 'add egress with the hosts that the workloads call, or remove the Sidecar',
  });
}

/** Rejects invalid inbound listeners. */
function judgeIngress(at: Objections, listeners: readonly IstioIngressListener[]): void {
  listeners.forEach((listener, index) => judgeListener(at.at(index), listener));
  judgePortNumbers(at, listeners);
}

function judgeListener(at: Objections, { port, bind, defaultEndpoint, tls, connectionPool }: IstioIngressListener): void {
  judgeTargetPort(at.at('port'), port);
  if (port.name) judgePortName(at.at('port', 'name'), port.name);
  if (port.protocol) judgeProtocol(at.at('port', 'protocol'), port.protocol);
  judgePort(at.at('port', 'number'), port.number);
  if (bind) judgeIpAddress(at.at('bind'), bind);
  if (defaultEndpoint) judgeDefaultEndpoint(at.at('defaultEndpoint'), defaultEndpoint);
  if (tls) judgeIngressTls(at.at('tls'), tls, port.protocol ?? '');
  judgeConnectionPool(at.at('connectionPool'), connectionPool);
  if (connectionPool?.http && !isHttpProtocol(port.protocol ?? '')) warnOfHttpPool(at.at('connectionPool', 'http'), port.protocol);
}

function warnOfHttpPool(at: Objections, protocol: string | undefined): void {
  at.warning({
    code: 'ADMIT491',
    actual: `set on a port with protocol ${shown(protocol)}`,
    expected: 'it on a port with an HTTP protocol only',
    because: 'only the settings under tcp apply to other protocols',
    fix: 'write protocol HTTP, HTTP2 or GRPC, or remove http',
  });
}

const UNSUPPORTED_FIELDS = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'] as const;
const UNSUPPORTED_MODES: readonly (string | undefined)[] = ['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'];

/** Rejects TLS settings that only a Gateway supports, or that don't fit the port's protocol. */
function judgeIngressTls(at: Objections, tls: ServerTLSSettings, protocol: string): void {
  UNSUPPORTED_FIELDS.filter((field) => tls[field]?.length).forEach((field) => objectToGatewayOnly(at.at(field), shown(tls[field])));
  if (tls.httpsRedirect) objectToGatewayOnly(at.at('httpsRedirect'), 'true');
  if (UNSUPPORTED_MODES.includes(tls.mode)) objectToGatewayOnly(at.at('mode'), shown(tls.mode));
  if (!isTlsProtocol(protocol)) objectToProtocol(at, protocol);
  judgeServerTls(at, tls);
}

function objectToGatewayOnly(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT488',
    actual,
    expected: 'mode SIMPLE, MUTUAL, OPTIONAL_MUTUAL or PASSTHROUGH, with certificates in files of the proxy\'s container',
    because: 'a Sidecar listener supports nothing more; the rest is for Gateways',
    fix: 'remove it; for mutual TLS between workloads in the mesh, use a PeerAuthentication instead',
  });
}

function objectToProtocol(at: Objections, protocol: string): void {
  at.error({
    code: 'ADMIT481',
    actual: `set on a port with protocol ${shown(protocol)}`,
    expected: 'TLS settings with protocol HTTPS or TLS only',
    because: 'the protocol determines whether TLS is used on the port',
    fix: 'write protocol HTTPS or TLS, or remove tls',
  });
}

const HOSTS = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

/** Rejects an endpoint that isn't a port or socket of the pod itself. */
function judgeDefaultEndpoint(at: Objections, endpoint: string): void {
  if (endpoint.startsWith(UNIX_ADDRESS_PREFIX)) {
    judgeUnixAddress(at, endpoint);
    return;
  }
  const [, literal, name, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(endpoint) ?? [];
  if (port !== undefined && HOSTS.includes(literal ?? name) && isPort(parseGoInteger(port) ?? 0)) return;
  at.error({
    code: 'ADMIT489',
    actual: shown(endpoint),
    expected: '127.0.0.1:<port>, 0.0.0.0:<port>, [::1]:<port>, [::]:<port> or unix://<path>',
    because: 'a Sidecar only forwards requests to its own pod',
    fix: 'write, for example, \'127.0.0.1:8080\'',
  });
}

/** Rejects an egress proxy where unknown destinations aren't allowed, or that can't be found. */
function judgeOutboundTrafficPolicy(at: Objections, policy: OutboundTrafficPolicy | undefined): void {
  const proxy = policy?.egressProxy;
  if (!policy || !proxy) return;
  const place = at.at('egressProxy');
  if (policy.mode !== 'ALLOW_ANY') {
    objectToProxy(place, `set with mode ${shown(policy.mode)}`, 'it with mode ALLOW_ANY only',
      'only ALLOW_ANY forwards calls to unknown destinations', 'write mode: ALLOW_ANY, or remove egressProxy');
    return;
  }
  judgeDnsName(place.at('host'), proxy.host);
  if (proxy.subset) judgeSubsetName(place.at('subset'), proxy.subset);
  if (!proxy.port) {
    objectToProxy(place.at('port'), 'missing', 'the port of the proxy', 'a host alone isn\'t a destination',
      'write port: {number: 443}, or the port that the proxy has');
    return;
  }
  judgePort(place.at('port', 'number'), proxy.port.number);
}

function objectToProxy(at: Objections, actual: string, expected: string, because: string, fix: string): void {
  at.error({ code: 'ADMIT493', actual, expected, because, fix });
}
