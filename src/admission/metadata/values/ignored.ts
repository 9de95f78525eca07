import { isBool, isIntegerIn, isUint } from './go-words';
import { isPortOrRangeList } from './networks';
import { isJson, ValueRule } from './value-rule';
import { nanosecondsIn } from '../../go-duration';
import { isDnsLabel } from '../kubernetes-names';

const IGNORED = 'Istio ignores any other value';

function oneOf(...words: string[]): ValueRule {
  return { accepts: (text) => words.includes(text), expected: words.join(' or '), because: IGNORED };
}

/** Case doesn't matter. */
function oneOfAnyCase(...words: string[]): ValueRule {
  const lower = words.map((word) => word.toLowerCase());
  return { accepts: (text) => lower.includes(text.toLowerCase()), expected: words.join(' or '), because: IGNORED };
}

const BOOL: ValueRule = { accepts: isBool, expected: 'true or false', because: IGNORED };
const DURATION: ValueRule = { accepts: (text) => nanosecondsIn(text) !== undefined, expected: 'a duration such as \'5s\' or \'1m30s\'', because: IGNORED };
const INJECT: ValueRule = { ...oneOf('true', 'false'), because: 'the injector takes any other value for none, and goes by the namespace' };

function isTextMap(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).every((item) => item === null || typeof item === 'string') && !Array.isArray(value));
}

function isBuckets(value: unknown): boolean {
  if (value === null) return true;
  const isNumbers = (item: unknown) => item === null || (Array.isArray(item) && item.every((bucket) => bucket === null || typeof bucket === 'number'));
  return typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isNumbers);
}

function isVisibility(text: string): boolean {
  return text.split(',').map((item) => item.trim()).every((item) => ['*', '.', '~'].includes(item) || isDnsLabel(item));
}

function isInboundBinding(text: string): boolean {
  const [protocol, port, ...more] = text.split('/');
  return ['NONE', 'PROXY'].includes(protocol) && (port === undefined || isUint(port, 2 ** 32 - 1)) && more.length === 0;
}

function isScrapeTargets(text: string): boolean {
  const targets = text.split(',').map((target) => target.trim()).filter((target) => target !== '');
  return targets.every((target) => isIntegerIn(target.split(':')[0].trim(), 1, 65535));
}

/** Annotations whose value, when it is another, is ignored or read as something else than meant. */
export const IGNORED_ANNOTATION_VALUES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ['sidecar.istio.io/inject', INJECT],
  ['sidecar.istio.io/nativeSidecar', oneOf('true', 'false')],
  ['sidecar.istio.io/rewriteAppHTTPProbers', BOOL],
  ['sidecar.istio.io/statsFlushInterval', DURATION],
  ['sidecar.istio.io/statsEvictionInterval', DURATION],
  ['sidecar.istio.io/statsHistogramBuckets', { accepts: (text) => isJson(text, isBuckets), expected: 'JSON such as \'{"istiocustom":[1,5,10]}\'', because: IGNORED }],
  ['traffic.sidecar.istio.io/includeOutboundPorts', { accepts: isPortOrRangeList, expected: 'ports with commas between', because: 'setting up the redirection of the pod\'s traffic would fail' }],
  ['traffic.istio.io/nodeSelector', { accepts: (text) => text === '' || isJson(text, isTextMap), expected: 'JSON such as \'{"node-role":"gateway"}\'', because: 'istiod reads it as JSON, and takes anything else for no selector' }],
  ['networking.istio.io/exportTo', { accepts: isVisibility, expected: '\'*\', \'.\', \'~\', or names of namespaces with commas between', because: 'no namespace has another name' }],
  ['networking.istio.io/traffic-distribution', oneOfAnyCase('PreferClose', 'PreferSameZone', 'PreferSameNode')],
  ['networking.istio.io/service-type', oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName')],
  ['istio.io/use-waypoint-canary-weight', { accepts: (text) => isIntegerIn(text, 0, 100), expected: 'a whole number from 0 to 100', because: 'the service stays on its primary waypoint otherwise' }],
  ['istio.io/connect-strategy', oneOfAnyCase('RACE_FIRST_TCP_CONNECT')],
  ['ambient.istio.io/bypass-inbound-capture', BOOL],
  ['ambient.istio.io/dns-capture', BOOL],
  ['ambient.istio.io/waypoint-inbound-binding', { accepts: isInboundBinding, expected: 'NONE or PROXY, optionally with a port: \'PROXY/15088\'', because: IGNORED }],
  ['prometheus.istio.io/scrape-targets', {
    accepts: isScrapeTargets,
    expected: 'ports and paths with commas between, such as \'8080:/metrics,9100:/custom\'',
    because: 'where metrics are merged, the sidecar injector refuses the pod',
  }],
  ['proxy.istio.io/health-checks-enabled', BOOL],
]);

/** The same for labels. */
export const IGNORED_LABEL_VALUES: ReadonlyMap<string, ValueRule> = new Map<string, ValueRule>([
  ['istio-injection', { ...oneOf('enabled', 'disabled'), because: 'the injector takes any other value for none' }],
  ['sidecar.istio.io/inject', INJECT],
  ['istio.io/dataplane-mode', oneOf('ambient', 'none')],
  ['istio.io/waypoint-for', oneOf('service', 'workload', 'all', 'none')],
  ['istio.io/ingress-use-waypoint', BOOL],
  ['networking.istio.io/enable-autoallocate-ip', oneOfAnyCase('true', 'false')],
  ['networking.istio.io/gatewayPort', { accepts: (text) => isIntegerIn(text, 1, 65535), expected: 'a port from 1 to 65535', because: 'istiod takes 15443 instead' }],
  ['security.istio.io/tlsMode', { ...oneOf('istio', 'disabled'), because: 'clients know no other mode of a sidecar' }],
]);
