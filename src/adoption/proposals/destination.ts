import { divided, inSeconds, Readers } from './properties';
import { booleanOf, member, numberOf, podSelection, Proposal, textList, textMap, stringOf } from './proposal';
import { Http2UpgradePolicy } from '../../constructs/networking/connection-pool';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { CallExpression, Expression, FieldExpressions, options } from '../expression';

export function destinationProposal({ metadata, spec }: Mapping): Proposal {
  const { host, workloadSelector, exportTo, trafficPolicy, subsets } = mapping(spec);
  return {
    construct: 'Destination',
    props: {
      name: stringOf(mapping(metadata).name),
      host: stringOf(host),
      shortHost: isShort(host) ? true : undefined,
      client: podSelection(workloadSelector),
      exportTo: textList(exportTo),
      ...policyOf(trafficPolicy),
      subsets: subsets === undefined ? undefined : mappings(subsets).map(({ name, labels, trafficPolicy: own }) => (
        { name: stringOf(name), labels: textMap(labels), ...policyOf(own) })),
    },
  };
}

/** Whether Istio completes a host by its object's namespace. */
export function isShort(host: unknown): boolean {
  return typeof host === 'string' && host !== '*' && !host.includes('.');
}

/** A policy, and the entries of its ports. */
function policyOf(policy: unknown): FieldExpressions {
  const { portLevelSettings, ...own } = mapping(policy);
  const ports = mappings(portLevelSettings)
    .map(({ port, ...settings }) => ({ port: numberOf(mapping(port).number), ...settingsOf(settings) }));
  return { ...settingsOf(own), ports: portLevelSettings === undefined ? undefined : ports };
}

function settingsOf({ tls, connectionPool, loadBalancer, outlierDetection, ...others }: Mapping): FieldExpressions {
  const pool = divided(connectionPool, CONNECTION_POOL);
  const balancing = loadBalancing(loadBalancer);
  const outliers = divided(isMapping(outlierDetection) ? withoutImplied(outlierDetection) : outlierDetection, OUTLIER_DETECTION);
  return {
    tls: clientTls(tls),
    connectionPool: pool.properties,
    loadBalancing: balancing.property,
    outlierDetection: outliers.properties,
    otherSettings: options({
      connectionPool: pool.others, loadBalancer: balancing.others, outlierDetection: outliers.others, ...others as FieldExpressions,
    }),
  };
}

/** The ClientTls with these settings; undefined: none has them. */
export function clientTls(settings: unknown): Expression | undefined {
  const { mode, sni, subjectAltNames, clientCertificate, privateKey, caCertificates, caCrl, credentialName, insecureSkipVerify } =
    mapping(settings);
  const handshake = { sni: stringOf(sni), subjectAltNames: textList(subjectAltNames) };
  const unverified = { insecureSkipVerify: booleanOf(insecureSkipVerify) };
  const verification = { ...handshake, caCertificates: stringOf(caCertificates), caCrl: stringOf(caCrl), ...unverified };
  const credential = typeof credentialName === 'string' ? credentialOf(credentialName) : undefined;
  switch (mode) {
    case 'DISABLE': return CallExpression.of('ClientTls.disable');
    case 'ISTIO_MUTUAL': return CallExpression.of('ClientTls.istioMutual', options(handshake));
    case 'SIMPLE':
      if (credential) return CallExpression.of('ClientTls.simpleByCredential', credential, options(handshake));
      return CallExpression.of('ClientTls.simple', options(verification));
    case 'MUTUAL':
      if (credential) return CallExpression.of('ClientTls.mutualByCredential', credential, options({ ...handshake, ...unverified }));
      return CallExpression.of(
        'ClientTls.mutual', { clientCertificate: stringOf(clientCertificate), privateKey: stringOf(privateKey), ...verification },
      );
    default: return undefined;
  }
}

/** Whether only gateways call a host by a Secret's certificates, no object says: without that the construct refuses it where it must. */
function credentialOf(name: string): CallExpression {
  const [, configMap] = /^configmap:\/\/[^/]+\/([^/]+)$/.exec(name) ?? [];
  return configMap === undefined
    ? CallExpression.of('ClientCredential.secret', name)
    : CallExpression.of('ClientCredential.configMap', configMap);
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

function loadBalancing(settings: unknown): { readonly property?: CallExpression; readonly others?: Expression } {
  if (!isMapping(settings)) return { others: settings as Expression | undefined };
  const { simple, consistentHash, ...rest } = settings;
  const method = typeof simple === 'string' && Object.hasOwn(SIMPLE_BALANCING, simple) ? SIMPLE_BALANCING[simple] : undefined;
  if (method !== undefined && consistentHash === undefined) {
    return { property: CallExpression.of(`LoadBalancing.${method}`), others: options(rest as FieldExpressions) };
  }
  const [key, property] = simple === undefined ? hashing(mapping(consistentHash)) : [];
  if (key === undefined) return { others: settings as FieldExpressions };
  const { [key]: _, ...otherHash } = mapping(consistentHash) as FieldExpressions;
  return { property, others: options({ consistentHash: options(otherHash), ...rest as FieldExpressions }) };
}

/** The field of a hash that has a factory, and what makes it. */
function hashing({
  httpHeaderName, httpQueryParameterName, useSourceIp, httpCookie,
}: Mapping): readonly [field?: string, made?: CallExpression] {
  if (typeof httpHeaderName === 'string') return ['httpHeaderName', CallExpression.of('LoadBalancing.byHeader', httpHeaderName)];
  if (typeof httpQueryParameterName === 'string') {
    return ['httpQueryParameterName', CallExpression.of('LoadBalancing.byQueryParameter', httpQueryParameterName)];
  }
  if (useSourceIp === true) return ['useSourceIp', CallExpression.of('LoadBalancing.bySourceIp')];
  const { name, path, ttl, ...unknown } = mapping(httpCookie);
  const time = inSeconds(ttl);
  if (typeof name !== 'string' || Object.keys(unknown).length > 0 || (ttl !== undefined && time === undefined)
    || (path !== undefined && typeof path !== 'string')) {
    return [];
  }
  return ['httpCookie', CallExpression.of('LoadBalancing.byCookie', name, options({ ttl: time, path }))];
}
