import { isDnsLabel } from './kubernetes-names';
import { isGoBool, isGoCidr, isGoIntegerIn, isGoUint, parseGoDuration } from '../../manifests/go-values';

/** What the value of an annotation or label must be. */
export interface ValueRule {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
  /** The consequence of another value. */
  readonly because?: string;
}

const PORT: ValueRule = { accepts: isPortText, expected: 'a port from 0 to 65535' };
const PORTS: ValueRule = { accepts: isPortList, expected: 'ports separated by commas, such as \'8080,9090\'' };
const PORTS_OR_ALL: ValueRule = {
  accepts: (text) => text === '*' || isPortList(text), expected: '\'*\', or ports separated by commas, such as \'8080,9090\'',
};
const NETWORKS: ValueRule = {
  accepts: isCidrList, expected: 'networks separated by commas without spaces, such as \'10.0.0.0/8,192.168.0.0/16\'',
};
const NETWORKS_OR_ALL: ValueRule = {
  accepts: (text) => text === '*' || isCidrList(text),
  expected: '\'*\', or networks separated by commas without spaces, such as \'10.0.0.0/8,192.168.0.0/16\'',
};
const INTERFACES: ValueRule = {
  accepts: isInterfaceList, expected: 'names of network interfaces, at most 15 characters each, separated by commas',
};
const WHOLE_NUMBER: ValueRule = {
  accepts: (text) => isGoUint(text, 2 ** 32 - 1), expected: 'a whole number without a sign, at most 4294967295',
};
const QUANTITY: ValueRule = { accepts: isQuantity, expected: 'a Kubernetes quantity such as \'100m\' or \'128Mi\'' };
const JSON_MAP: ValueRule = {
  accepts: (text) => isJson(text, (value) => value === null || typeof value === 'object'),
  expected: 'JSON: an object whose keys are the names',
};

/**
 * Pod annotations whose value the sidecar injector must accept, or it rejects the pod: it checks the first ones itself,
 * and its template fails on the last ones.
 */
export const REFUSED_BY_INJECTOR: ReadonlyMap<string, ValueRule> = new Map([
  ['sidecar.istio.io/interceptionMode', {
    accepts: (text: string) => ['REDIRECT', 'TPROXY', 'NONE'].includes(text), expected: 'REDIRECT, TPROXY or NONE',
  }],
  ['status.sidecar.istio.io/port', PORT],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', WHOLE_NUMBER],
  ['readiness.status.sidecar.istio.io/periodSeconds', WHOLE_NUMBER],
  ['readiness.status.sidecar.istio.io/failureThreshold', WHOLE_NUMBER],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', NETWORKS_OR_ALL],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', NETWORKS],
  ['traffic.sidecar.istio.io/includeInboundPorts', PORTS_OR_ALL],
  ['traffic.sidecar.istio.io/excludeInboundPorts', PORTS],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', PORTS],
  ['traffic.sidecar.istio.io/excludeInterfaces', INTERFACES],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', INTERFACES],
  ['istio.io/reroute-virtual-interfaces', INTERFACES],
  ['prometheus.istio.io/merge-metrics', { accepts: isGoBool, expected: 'true or false' }],
  ['sidecar.istio.io/proxyCPU', QUANTITY],
  ['sidecar.istio.io/proxyMemory', QUANTITY],
  ['sidecar.istio.io/proxyCPULimit', QUANTITY],
  ['sidecar.istio.io/proxyMemoryLimit', QUANTITY],

  ['inject.istio.io/templates', {
    accepts: (text: string) => text.split(',').every((name) => name.trim() !== ''),
    expected: 'names of injection templates separated by commas',
  }],
  ['sidecar.istio.io/userVolume', JSON_MAP],
  ['sidecar.istio.io/userVolumeMount', JSON_MAP],
]);

const IGNORED = 'Istio ignores any other value';

function oneOf(...words: string[]): ValueRule {
  return { accepts: (text) => words.includes(text), expected: words.join(' or '), because: IGNORED };
}

/** Case doesn't matter. */
function oneOfAnyCase(...words: string[]): ValueRule {
  const lower = words.map((word) => word.toLowerCase());
  return { accepts: (text) => lower.includes(text.toLowerCase()), expected: words.join(' or '), because: IGNORED };
}

const BOOL: ValueRule = { accepts: isGoBool, expected: 'true or false', because: IGNORED };
const DURATION: ValueRule = {
  accepts: (text) => parseGoDuration(text) !== undefined, expected: 'a duration such as \'5s\' or \'1m30s\'', because: IGNORED,
};
const INJECT: ValueRule = { ...oneOf('true', 'false'), because: 'the injector ignores any other value, and follows the namespace' };

function isTextMap(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).every((item) => item === null || typeof item === 'string')
    && !Array.isArray(value));
}

function isBuckets(value: unknown): boolean {
  if (value === null) return true;
  const isNumbers = (item: unknown) => (
    item === null || (Array.isArray(item) && item.every((bucket) => bucket === null || typeof bucket === 'number')));
  return typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isNumbers);
}

function isVisibility(text: string): boolean {
  return text.split(',').map((item) => item.trim()).every((item) => ['*', '.', '~'].includes(item) || isDnsLabel(item));
}

function isInboundBinding(text: string): boolean {
  const [protocol, port, ...more] = text.split('/');
  return ['NONE', 'PROXY'].includes(protocol) && (port === undefined || isGoUint(port, 2 ** 32 - 1)) && more.length === 0;
}

function isScrapeTargets(text: string): boolean {
  const targets = text.split(',').map((target) => target.trim()).filter((target) => target !== '');
  return targets.every((target) => isGoIntegerIn(target.split(':')[0].trim(), 1, 65535));
}

/** Annotations for which another value is ignored, or read as something else than intended. */
export const IGNORED_ANNOTATION_VALUES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ['sidecar.istio.io/inject', INJECT],
  ['sidecar.istio.io/nativeSidecar', oneOf('true', 'false')],
  ['sidecar.istio.io/rewriteAppHTTPProbers', BOOL],
  ['sidecar.istio.io/statsFlushInterval', DURATION],
  ['sidecar.istio.io/statsEvictionInterval', DURATION],
  ['sidecar.istio.io/statsHistogramBuckets', {
    accepts: (text) => isJson(text, isBuckets), expected: 'JSON such as \'{"istiocustom":[1,5,10]}\'', because: IGNORED,
  }],
  ['traffic.sidecar.istio.io/includeOutboundPorts', {
    accepts: isPortOrRangeList,
    expected: 'ports separated by commas',
    because: 'setting up the redirection of the pod\'s traffic would fail',
  }],
  ['traffic.istio.io/nodeSelector', {
    accepts: (text) => text === '' || isJson(text, isTextMap),
    expected: 'JSON such as \'{"node-role":"gateway"}\'',
    because: 'istiod reads it as JSON and ignores anything else',
  }],
  ['networking.istio.io/exportTo', {
    accepts: isVisibility,
    expected: '\'*\', \'.\', \'~\', or names of namespaces with commas between',
    because: 'no namespace has another name',
  }],
  ['networking.istio.io/traffic-distribution', oneOfAnyCase('PreferClose', 'PreferSameZone', 'PreferSameNode')],
  ['networking.istio.io/service-type', oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName')],
  ['istio.io/use-waypoint-canary-weight', {
    accepts: (text) => isGoIntegerIn(text, 0, 100),
    expected: 'a whole number from 0 to 100',
    because: 'the service stays on its primary waypoint otherwise',
  }],
  ['istio.io/connect-strategy', oneOfAnyCase('RACE_FIRST_TCP_CONNECT')],
  ['ambient.istio.io/bypass-inbound-capture', BOOL],
  ['ambient.istio.io/dns-capture', BOOL],
  ['ambient.istio.io/waypoint-inbound-binding', {
    accepts: isInboundBinding, expected: 'NONE or PROXY, optionally with a port: \'PROXY/15088\'', because: IGNORED,
  }],
  ['prometheus.istio.io/scrape-targets', {
    accepts: isScrapeTargets,
    expected: 'ports and paths separated by commas, such as \'8080:/metrics,9100:/custom\'',
    because: 'where metrics are merged, the sidecar injector rejects the pod',
  }],
  ['proxy.istio.io/health-checks-enabled', BOOL],
]);

/** The same for labels. */
export const IGNORED_LABEL_VALUES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ['istio-injection', { ...oneOf('enabled', 'disabled'), because: 'with any other value, the namespace gets no sidecars' }],
  ['sidecar.istio.io/inject', INJECT],
  ['istio.io/dataplane-mode', oneOf('ambient', 'none')],
  ['istio.io/waypoint-for', oneOf('service', 'workload', 'all', 'none')],
  ['istio.io/ingress-use-waypoint', BOOL],
  ['networking.istio.io/enable-autoallocate-ip', oneOfAnyCase('true', 'false')],
  ['networking.istio.io/gatewayPort', {
    accepts: (text) => isGoIntegerIn(text, 1, 65535), expected: 'a port from 1 to 65535', because: 'istiod uses 15443 instead',
  }],
  ['security.istio.io/tlsMode', { ...oneOf('istio', 'disabled'), because: 'clients know no other mode of a sidecar' }],
]);

/** 0 to 65535; surrounding space is accepted. */
function isPortText(text: string): boolean {
  return isGoUint(text.trim(), 65535);
}

/** Ports separated by commas; empty is the empty list. */
function isPortList(text: string): boolean {
  return text.trim() === '' || text.split(',').every(isPortText);
}

/** The same, and ranges such as `8000:8080`, which iptables accepts. */
function isPortOrRangeList(text: string): boolean {
  return text === '' || text.split(',').every((item) => item.split(':').length <= 2 && item.split(':').every(isPortText));
}

/** Networks separated by commas without spaces; empty is the empty list. */
function isCidrList(text: string): boolean {
  return text === '' || text.split(',').every(isGoCidr);
}

/** Names of Linux interfaces separated by commas; empty is the empty list. */
function isInterfaceList(text: string): boolean {
  return text === '' || text.split(',').every((name) => /^[a-zA-Z][a-zA-Z0-9_.-]{0,14}$/.test(name.trim()));
}

/**
 * A Kubernetes quantity: `100m`, `1.5`, `128Mi`, `1e3`. Kubernetes even reads a lone suffix or sign, as zero, except the
 * two largest suffixes.
 */
function isQuantity(text: string): boolean {
  return text !== '' && !/^[^\d]*[PE]i$/.test(text) && /^[+-]?\d*(\.\d*)?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,18})?$/.test(text);
}

/** JSON of any kind that `accepts` allows. */
function isJson(text: string, accepts: (value: unknown) => boolean): boolean {
  try {
    return accepts(JSON.parse(text));
  } catch { // not JSON
    return false;
  }
}
