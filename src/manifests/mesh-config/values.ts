import { isYamlMapping, withYamlNames } from './fields';
import { isValidDefaultTrafficPolicy, isValidLocalities, isValidZones } from './load-balancing';
import { MeshConfigProblem, REJECTED_BY_ISTIOD, show } from './problem';
import { isGoIpAddress, parseGoDuration, parseGoInteger } from '../go-values';

type Mapping = Readonly<Record<string, unknown>>;

/** istiod's validation of one value, beyond its type. */
interface ValueRule {
  readonly path: readonly string[];
  readonly expected: string;
  readonly fix: string;
  accepts(value: unknown): boolean;
}

/** Istio's `labels.IsDNS1123Label`, which accepts capitals, too. */
const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
/** Istio's `labels.IsWildcardDNS1123Label`. */
const WILDCARD_LABEL = /^(?:\*|(?:\*|[a-zA-Z0-9])(?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;

const LONGEST_HOST = 255;
const MILLISECOND = 1_000_000n;
const SECOND = 1000n * MILLISECOND;

/** The labels of a name, where the last may be empty, as in `example.com.`. */
function labelsOf(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.length > 1 && labels.at(-1) === '' ? labels.slice(0, -1) : labels;
}

function isTrustDomain(value: unknown): boolean {
  return typeof value !== 'string' || labelsOf(value).every((label) => LABEL.test(label));
}

function isDomain(name: string): boolean {
  return parseGoInteger(name.split('.').at(-1)!) === undefined && labelsOf(name).every((label) => LABEL.test(label));
}

function isHost(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const [first, ...rest] = value.split('.');
  return value.length <= LONGEST_HOST && WILDCARD_LABEL.test(first) && (rest.length === 0 || isDomain(rest.join('.')));
}

/** Istio's `ValidateProxyAddress`. */
function isAddress(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const [, bracketed, plain, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/s.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || !isPort(parseGoInteger(port))) return false;
  return (host !== '' && host.length <= LONGEST_HOST && isDomain(host)) || isGoIpAddress(host);
}

const isOptionalAddress = (value: unknown): boolean => value === '' || isAddress(value);
/** The tracers in the API's order, from last to first: the last one that is set takes effect. */
const TRACERS = ['openCensusAgent', 'stackdriver', 'datadog', 'lightstep', 'zipkin'];

/** Whether the effective tracer has an address, which may be the node's. */
function isTracing(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  const name = TRACERS.find((one) => isYamlMapping(value[one]));
  if (name === undefined || name === 'openCensusAgent' || name === 'stackdriver') return true;
  const { address, accessToken } = value[name] as Mapping;
  const written = typeof address === 'string' ? address : '';
  if (name === 'lightstep') return isAddress(written) && typeof accessToken === 'string' && accessToken !== '';
  return isAddress(written.replace('$(HOST_IP)', '127.0.0.1'));
}

function isPort(value: unknown): boolean {
  return Number(value) >= 1 && Number(value) <= 65535;
}

const durationOf = (value: unknown): bigint | undefined => (typeof value === 'string' ? parseGoDuration(value) : undefined);

function isDuration(accepts: (nanoseconds: bigint) => boolean): (value: unknown) => boolean {
  return (value) => {
    const duration = durationOf(value);
    return duration === undefined || accepts(duration);
  };
}

const atLeast = (smallest: number) => (value: unknown): boolean => Number(value) >= smallest;

/** Whether the effective provider, the last one that is set, has a delay between polls. */
function hasPollDelay(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  const provider = value.qat ?? value.cryptomb;
  return isYamlMapping(provider) && typeof provider.pollDelay === 'string' && durationOf(provider.pollDelay) !== 0n;
}

/** Istio's `ValidateTLS`, for settings without a namespace. */
function isClientTls(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  const isSet = (field: string): boolean => (
    ![undefined, null, ''].includes(value[field] as string) && !(Array.isArray(value[field]) && value[field].length === 0));
  const [simple, mutual] = [['SIMPLE', 1, '1'], ['MUTUAL', 2, '2']].map((modes) => modes.includes(value.mode as string | number));
  const { credentialName } = value;
  if (typeof credentialName === 'string' && credentialName.startsWith('configmap://')) return false;
  const names = simple ? ['caCertificates', 'credentialName', 'subjectAltNames'] : mutual ? ['caCertificates', 'subjectAltNames'] : [];
  if (value.insecureSkipVerify === true && names.some(isSet)) return false;
  if ((simple || mutual) && isSet('credentialName')) return !['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].some(isSet);
  return !mutual || (isSet('clientCertificate') && isSet('privateKey'));
}

const TRUST_DOMAIN = {
  accepts: isTrustDomain,
  expected: 'DNS labels of letters, digits and dashes, joined by dots',
  fix: "write it like 'example.com', without scheme and path",
};
const PORT = { accepts: isPort, expected: 'a port from 1 to 65535', fix: 'write a port number' };
const ADDRESS = { accepts: isAddress, expected: 'host:port', fix: "write it like 'istiod.istio-system.svc:15012'" };
const OPTIONAL_ADDRESS = { ...ADDRESS, accepts: isOptionalAddress };
const TEXT = { accepts: (value: unknown) => value !== '', expected: 'a text that isn\'t empty', fix: 'write one, or remove the field' };
const NOT_NEGATIVE = { accepts: atLeast(0), expected: '0 or more', fix: 'write a number in that range' };
const POSITIVE = { accepts: atLeast(1), expected: '1 or more', fix: 'write a number in that range' };
const WINDOW = { accepts: atLeast(65535), expected: '65535 or more', fix: 'write a number in that range' };
const LASTING = {
  accepts: isDuration((duration) => duration >= 0n), expected: 'no negative duration', fix: 'write a duration in that range',
};
const OF_CONNECTIONS: Readonly<Record<string, Omit<ValueRule, 'path'>>> = {
  listenerPerConnectionBufferLimitBytes: NOT_NEGATIVE,
  clusterPerConnectionBufferLimitBytes: NOT_NEGATIVE,
  httpIdleTimeout: LASTING,
  httpMaxConnectionDuration: LASTING,
  httpDrainTimeout: LASTING,
  httpRequestTimeout: LASTING,
  httpRequestHeadersTimeout: LASTING,
  httpStreamIdleTimeout: LASTING,
  httpMaxStreamDuration: LASTING,
  httpMaxConcurrentStreams: POSITIVE,
  http2InitialStreamWindowSize: WINDOW,
  http2InitialConnectionWindowSize: WINDOW,
  listenerConnectionLimit: POSITIVE,
  globalDownstreamConnectionLimit: POSITIVE,
};

/** istiod's `ValidateMeshConfig`, except its rules for fields that the type already excludes. */
const RULES: readonly ValueRule[] = [
  { path: ['trustDomain'], ...TRUST_DOMAIN },
  { path: ['trustDomainAliases', '*'], ...TRUST_DOMAIN },
  {
    path: ['meshMTLS', 'ecdhCurves'],
    accepts: (value) => !Array.isArray(value) || value.length === 0,
    expected: 'none',
    fix: 'remove it; tlsDefaults.ecdhCurves is for TLS other than the mesh\'s mutual TLS',
  },
  { path: ['proxyListenPort'], ...PORT },
  {
    path: ['connectTimeout'],
    accepts: isDuration((duration) => duration >= MILLISECOND && duration <= 3600n * SECOND && duration % MILLISECOND === 0n),
    expected: 'from 1ms to 1h, in whole milliseconds',
    fix: 'write a duration in that range',
  },
  {
    path: ['protocolDetectionTimeout'],
    accepts: isDuration((duration) => duration % MILLISECOND === 0n),
    expected: 'whole milliseconds',
    fix: 'round it',
  },
  {
    path: ['serviceSettings', '*', 'hosts', '*'],
    accepts: isHost,
    expected: 'a host, or one whose first label is or begins with *',
    fix: "write it like '*.shop.svc.cluster.local'",
  },
  {
    path: ['localityLbSetting'],
    accepts: isValidLocalities,
    expected: 'distribute or failover, for localities that don\'t overlap',
    fix: 'compare it with Istio\'s LocalityLoadBalancerSetting',
  },
  {
    path: ['zoneAwareLbSetting'],
    accepts: isValidZones,
    expected: 'failover between regions, and failoverPriority without topology labels',
    fix: 'compare it with Istio\'s ZoneAwareLoadBalancerSetting',
  },
  {
    path: ['defaultTrafficPolicy'],
    accepts: isValidDefaultTrafficPolicy,
    expected: 'limits that a DestinationRule may have',
    fix: 'compare it with Istio\'s ConnectionPoolSettings and OutlierDetection',
  },
  ...Object.entries({
    configPath: TEXT,
    binaryPath: TEXT,
    serviceCluster: TEXT,
    drainDuration: {
      accepts: isDuration((duration) => duration >= SECOND && duration % SECOND === 0n),
      expected: 'whole seconds, at least one',
      fix: 'write a duration such as 45s',
    },
    discoveryAddress: ADDRESS,
    statsdUdpAddress: OPTIONAL_ADDRESS,
    envoyMetricsServiceAddress: OPTIONAL_ADDRESS,
    proxyAdminPort: PORT,
    statusPort: PORT,
    controlPlaneAuthPolicy: {
      accepts: (value: unknown) => ['NONE', 'MUTUAL_TLS', 0, 1, '0', '1'].includes(value as string),
      expected: 'NONE or MUTUAL_TLS',
      fix: 'remove it',
    },
    privateKeyProvider: { accepts: hasPollDelay, expected: 'cryptomb or qat with pollDelay', fix: 'write its pollDelay, such as 10ms' },
  }).map(([name, rule]) => ({ path: ['defaultConfig', name], ...rule })),
  ...['envoyMetricsService', 'envoyAccessLogService'].map((name) => ({ path: ['defaultConfig', name, 'address'], ...OPTIONAL_ADDRESS })),
  ...Object.entries(OF_CONNECTIONS).map(([name, rule]) => ({ path: ['defaultConfig', 'connectionSettings', name], ...rule })),
  {
    path: ['defaultConfig', 'tracing'],
    accepts: isTracing,
    expected: 'one tracer, with address host:port, and accessToken for lightstep',
    fix: "write its address like 'zipkin.istio-system:9411'",
  },
  {
    path: ['defaultConfig', 'tracing', 'tlsSettings'],
    accepts: isClientTls,
    expected: 'settings that fit their mode',
    fix: 'compare them with Istio\'s ClientTLSSettings',
  },
];

/** Values of the right type that istiod's validation rejects. It doesn't see `default_config`, which istiod drops before. */
export function checkValues(config: unknown): MeshConfigProblem[] {
  const { default_config: dropped, ...rest } = isYamlMapping(config) ? config : {};
  const named = withYamlNames(rest);
  return RULES.flatMap(({ path, accepts, expected, fix }) => valuesAt(named, path)
    .filter(({ value }) => !accepts(value))
    .map(
      ({ at, value }) => ({ path: at, actual: show(value), expected, because: REJECTED_BY_ISTIOD, fix, consequence: 'rejected' as const }),
    ));
}

/** The values present at a path; `*` is every item of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], at = ''): { at: string; value: unknown }[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [{ at, value }];
  // In a list of texts, null is the empty text.
  if (step === '*') {
    return Array.isArray(value)
      ? value.flatMap((item, index) => valuesAt(rest.length === 0 ? item ?? '' : item, rest, `${at}[${index}]`))
      : [];
  }
  return isYamlMapping(value) ? valuesAt((value as Mapping)[step], rest, at ? `${at}.${step}` : step) : [];
}
