import { divided, inSeconds, Readers } from './properties';
import { booleanOf, member, numberOf, podsOf, Proposal, textList, textMap, textOf } from './proposal';
import { Http2UpgradePolicy } from '../../constructs/networking/connection-pool';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { Call, Expression, Fields, options } from '../expression';

export function destinationProposal({ metadata, spec }: Mapping): Proposal {
  const { host, workloadSelector, exportTo, trafficPolicy, subsets } = mapping(spec);
  return {
    construct: 'Destination',
    props: {
      name: textOf(mapping(metadata).name),
      host: textOf(host),
      shortHost: isShort(host) ? true : undefined,
      client: podsOf(workloadSelector),
      exportTo: textList(exportTo),
      ...policyOf(trafficPolicy),
      subsets: subsets === undefined ? undefined : mappings(subsets).map(({ name, labels, trafficPolicy: own }) => (
        { name: textOf(name), labels: textMap(labels), ...policyOf(own) })),
    },
  };
}

/** Whether Istio completes a host by its object's namespace. */
export function isShort(host: unknown): boolean {
  return typeof host === 'string' && host !== '*' && !host.includes('.');
}

/** A policy, and the entries of its ports. */
function policyOf(policy: unknown): Fields {
  const { portLevelSettings, ...own } = mapping(policy);
  const ports = mappings(portLevelSettings)
    .map(({ port, ...settings }) => ({ port: numberOf(mapping(port).number), ...settingsOf(settings) }));
  return { ...settingsOf(own), ports: portLevelSettings === undefined ? undefined : ports };
}

function settingsOf({ tls, connectionPool, loadBalancer, outlierDetection, ...others }: Mapping): Fields {
  const pool = divided(connectionPool, CONNECTION_POOL);
  const balancing = loadBalancing(loadBalancer);
  const outliers = divided(isMapping(outlierDetection) ? withoutImplied(outlierDetection) : outlierDetection, OUTLIER_DETECTION);
  return {
    tls: clientTls(tls),
    connectionPool: pool.properties,
    loadBalancing: balancing.property,
    outlierDetection: outliers.properties,
    otherSettings: options({
      connectionPool: pool.others, loadBalancer: balancing.others, outlierDetection: outliers.others, ...others as Fields,
    }),
  };
}

function clientTls(settings: unknown): Expression | undefined {
  const { mode, sni, subjectAltNames, clientCertificate, privateKey, caCertificates, caCrl, credentialName, insecureSkipVerify } =
    mapping(settings);
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

const CONNECTION_POOL: Readers = {
  tcp: {
    maxConnections: numberOf,
    connectTimeout: inSeconds,
    idleTimeout: inSeconds,
    maxConnectionDuration: inSeconds,
    tcpKeepalive: { probes: numberOf, time: inSeconds, interval: inSeconds },
  },
  http: {
    http1MaxPendingRequests: numberOf,
    http2MaxRequests: numberOf,
    maxRequestsPerConnection: numberOf,
    maxRetries: numberOf,
    idleTimeout: inSeconds,
    maxConcurrentStreams: numberOf,
    h2UpgradePolicy: (value) => member('Http2UpgradePolicy', Http2UpgradePolicy, value),
    useClientProtocol: booleanOf,
    http2KeepAlive: { interval: inSeconds, timeout: inSeconds },
  },
};

const OUTLIER_DETECTION: Readers = {
  consecutive5xxErrors: numberOf,
  consecutiveGatewayErrors: numberOf,
  consecutiveLocalOriginFailures: numberOf,
  interval: inSeconds,
  baseEjectionTime: inSeconds,
  maxEjectionPercent: numberOf,
  minHealthPercent: numberOf,
};

/** That failures of one kind are counted apart is said by their number. */
function withoutImplied({ splitExternalLocalOriginErrors: isSplit, ...detection }: Mapping): Mapping {
  const isImplied = isSplit === undefined || (isSplit === true && numberOf(detection.consecutiveLocalOriginFailures) !== undefined);
  return isImplied ? detection : { ...detection, splitExternalLocalOriginErrors: isSplit };
}

const SIMPLE_BALANCING: Readonly<Record<string, string>> = {
  LEAST_REQUEST: 'leastRequest', ROUND_ROBIN: 'roundRobin', RANDOM: 'random', PASSTHROUGH: 'passthrough',
};

function loadBalancing(settings: unknown): { readonly property?: Call; readonly others?: Expression } {
  if (!isMapping(settings)) return { others: settings as Expression | undefined };
  const { simple, consistentHash, ...rest } = settings;
  const method = typeof simple === 'string' && Object.hasOwn(SIMPLE_BALANCING, simple) ? SIMPLE_BALANCING[simple] : undefined;
  if (method !== undefined && consistentHash === undefined) {
    return { property: Call.of(`LoadBalancing.${method}`), others: options(rest as Fields) };
  }
  const [key, property] = simple === undefined ? hashing(mapping(consistentHash)) : [];
  if (key === undefined) return { others: settings as Fields };
  const { [key]: _, ...otherHash } = mapping(consistentHash) as Fields;
  return { property, others: options({ consistentHash: options(otherHash), ...rest as Fields }) };
}

/** The field of a hash that has a factory, and what makes it. */
function hashing({ httpHeaderName, httpQueryParameterName, useSourceIp, httpCookie }: Mapping): readonly [field?: string, made?: Call] {
  if (typeof httpHeaderName === 'string') return ['httpHeaderName', Call.of('LoadBalancing.byHeader', httpHeaderName)];
  if (typeof httpQueryParameterName === 'string') {
    return ['httpQueryParameterName', Call.of('LoadBalancing.byQueryParameter', httpQueryParameterName)];
  }
  if (useSourceIp === true) return ['useSourceIp', Call.of('LoadBalancing.bySourceIp')];
  const { name, path, ttl, ...unknown } = mapping(httpCookie);
  const time = inSeconds(ttl);
  if (typeof name !== 'string' || Object.keys(unknown).length > 0 || (ttl !== undefined && time === undefined)
    || (path !== undefined && typeof path !== 'string')) {
    return [];
  }
  return ['httpCookie', Call.of('LoadBalancing.byCookie', name, options({ ttl: time, path }))];
}
