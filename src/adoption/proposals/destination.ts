import { booleanOf, duration, member, numberOf, podsOf, Proposal, textList, textMap, textOf } from './proposal';
import { Http2UpgradePolicy } from '../../constructs/networking/connection-pool';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { KnownFields } from '../comparison';
import { Call, Expression, Fields, options } from '../expression';

const CLIENT_TLS: KnownFields = {
  mode: true,
  sni: true,
  subjectAltNames: true,
  clientCertificate: true,
  privateKey: true,
  caCertificates: true,
  caCrl: true,
  credentialName: true,
  insecureSkipVerify: true,
};

const CONNECTION_POOL: KnownFields = {
  tcp: {
    maxConnections: true,
    connectTimeout: true,
    idleTimeout: true,
    maxConnectionDuration: true,
    tcpKeepalive: { probes: true, time: true, interval: true },
  },
  http: {
    http1MaxPendingRequests: true,
    http2MaxRequests: true,
    maxRequestsPerConnection: true,
    maxRetries: true,
    idleTimeout: true,
    maxConcurrentStreams: true,
    h2UpgradePolicy: true,
    useClientProtocol: true,
    http2KeepAlive: { interval: true, timeout: true },
  },
};

const SETTINGS = { tls: CLIENT_TLS, connectionPool: CONNECTION_POOL };

const TRAFFIC_POLICY: KnownFields = { ...SETTINGS, portLevelSettings: [{ port: { number: true }, ...SETTINGS }] };

/** What of a DestinationRule's spec is adopted. */
export const DESTINATION_FIELDS: KnownFields = {
  host: true,
  exportTo: true,
  workloadSelector: { matchLabels: true },
  trafficPolicy: TRAFFIC_POLICY,
  subsets: [{ name: true, labels: true, trafficPolicy: TRAFFIC_POLICY }],
};

export function destinationProposal({ metadata, spec }: Mapping): Proposal {
  const { host, workloadSelector, exportTo, trafficPolicy, subsets } = mapping(spec);
  return {
    construct: 'Destination',
    props: {
      name: textOf(mapping(metadata).name),
      host: textOf(host),
      client: podsOf(workloadSelector),
      exportTo: textList(exportTo),
      ...policyOf(trafficPolicy),
      subsets: subsets === undefined ? undefined : mappings(subsets).map(({ name, labels, trafficPolicy: own }) => (
        { name: textOf(name), labels: textMap(labels), ...policyOf(own) })),
    },
  };
}

function policyOf(policy: unknown): Fields {
  const { portLevelSettings } = mapping(policy);
  const ports = mappings(portLevelSettings).map((entry) => ({ port: numberOf(mapping(entry.port).number), ...settingsOf(entry) }));
  return { ...settingsOf(policy), ports: portLevelSettings === undefined ? undefined : ports };
}

function settingsOf(policy: unknown): Fields {
  const { tls, connectionPool } = mapping(policy);
  return { tls: clientTls(tls), connectionPool: isMapping(connectionPool) ? poolOf(connectionPool) : undefined };
}

function clientTls(settings: unknown): Expression | undefined {
  const { mode, sni, subjectAltNames, clientCertificate, privateKey, caCertificates, caCrl, credentialName, insecureSkipVerify } = mapping(settings);
  const handshake = { sni: textOf(sni), subjectAltNames: textList(subjectAltNames) };
  const unverified = { insecureSkipVerify: booleanOf(insecureSkipVerify) };
  const verification = { ...handshake, caCertificates: textOf(caCertificates), caCrl: textOf(caCrl), ...unverified };
  const credential = typeof credentialName === 'string' ? credentialOf(credentialName) : undefined;
  switch (mode) {
    case 'DISABLE': return Call.of('ClientTls.disable');
    case 'ISTIO_MUTUAL': return Call.of('ClientTls.istioMutual', options(handshake));
    case 'SIMPLE':
      if (credential) return Call.of('ClientTls.simpleByCredential', credential, options(handshake));
      return Call.of('ClientTls.simple', options(verification));
    case 'MUTUAL':
      if (credential) return Call.of('ClientTls.mutualByCredential', credential, options({ ...handshake, ...unverified }));
      return Call.of('ClientTls.mutual', { clientCertificate: textOf(clientCertificate), privateKey: textOf(privateKey), ...verification });
    default: return undefined;
  }
}

/** Whether only gateways call a host by a Secret's certificates, no object says: without that the construct refuses it where it must. */
function credentialOf(name: string): Call {
  const [, configMap] = /^configmap:\/\/[^/]+\/([^/]+)$/.exec(name) ?? [];
  return configMap === undefined ? Call.of('ClientCredential.secret', name) : Call.of('ClientCredential.configMap', configMap);
}

function poolOf({ tcp, http }: Mapping): Fields {
  return { tcp: isMapping(tcp) ? tcpPool(tcp) : undefined, http: isMapping(http) ? httpPool(http) : undefined };
}

function tcpPool({ maxConnections, connectTimeout, idleTimeout, maxConnectionDuration, tcpKeepalive }: Mapping): Fields {
  const { probes, time, interval } = mapping(tcpKeepalive);
  return {
    maxConnections: numberOf(maxConnections),
    connectTimeout: duration(connectTimeout),
    idleTimeout: duration(idleTimeout),
    maxConnectionDuration: duration(maxConnectionDuration),
    tcpKeepalive: isMapping(tcpKeepalive) ? { probes: numberOf(probes), time: duration(time), interval: duration(interval) } : undefined,
  };
}

function httpPool(http: Mapping): Fields {
  const { interval, timeout } = mapping(http.http2KeepAlive);
  return {
    http1MaxPendingRequests: numberOf(http.http1MaxPendingRequests),
    http2MaxRequests: numberOf(http.http2MaxRequests),
    maxRequestsPerConnection: numberOf(http.maxRequestsPerConnection),
    maxRetries: numberOf(http.maxRetries),
    idleTimeout: duration(http.idleTimeout),
    maxConcurrentStreams: numberOf(http.maxConcurrentStreams),
    h2UpgradePolicy: member('Http2UpgradePolicy', Http2UpgradePolicy, http.h2UpgradePolicy),
    useClientProtocol: booleanOf(http.useClientProtocol),
    http2KeepAlive: isMapping(http.http2KeepAlive) ? { interval: duration(interval), timeout: duration(timeout) } : undefined,
  };
}
