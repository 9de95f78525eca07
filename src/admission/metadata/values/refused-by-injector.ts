import { isBool, isUint } from './go-words';
import { isCidrList, isInterfaceList, isPort, isPortList } from './networks';
import { isJson, isQuantity, ValueRule } from './value-rule';

const PORT: ValueRule = { accepts: isPort, expected: 'a port from 0 to 65535' };
const PORTS: ValueRule = { accepts: isPortList, expected: 'ports with commas between, such as \'8080,9090\'' };
const PORTS_OR_ALL: ValueRule = { accepts: (text) => text === '*' || isPortList(text), expected: '\'*\', or ports with commas between, such as \'8080,9090\'' };
const NETWORKS: ValueRule = { accepts: isCidrList, expected: 'networks with commas and no spaces between, such as \'10.0.0.0/8,192.168.0.0/16\'' };
const NETWORKS_OR_ALL: ValueRule = { accepts: (text) => text === '*' || isCidrList(text), expected: '\'*\', or networks with commas and no spaces between, such as \'10.0.0.0/8,192.168.0.0/16\'' };
const INTERFACES: ValueRule = { accepts: isInterfaceList, expected: 'names of network interfaces, 15 characters at most, with commas between' };
const WHOLE_NUMBER: ValueRule = { accepts: (text) => isUint(text, 2 ** 32 - 1), expected: 'a whole number without a sign, at most 4294967295' };
const QUANTITY: ValueRule = { accepts: isQuantity, expected: 'a Kubernetes quantity such as \'100m\' or \'128Mi\'' };
const JSON_MAP: ValueRule = { accepts: (text) => isJson(text, (value) => value === null || typeof value === 'object'), expected: 'JSON: an object whose keys are the names' };

/**
 * Annotations of a pod with a value without which the sidecar injector refuses the pod: it checks the first
 * ones itself, and its template fails on the last ones.
 */
export const REFUSED_BY_INJECTOR: ReadonlyMap<string, ValueRule> = new Map([
  ['sidecar.istio.io/interceptionMode', { accepts: (text: string) => ['REDIRECT', 'TPROXY', 'NONE'].includes(text), expected: 'REDIRECT, TPROXY or NONE' }],
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
  ['prometheus.istio.io/merge-metrics', { accepts: isBool, expected: 'true or false' }],
  ['sidecar.istio.io/proxyCPU', QUANTITY],
  ['sidecar.istio.io/proxyMemory', QUANTITY],
  ['sidecar.istio.io/proxyCPULimit', QUANTITY],
  ['sidecar.istio.io/proxyMemoryLimit', QUANTITY],

  ['inject.istio.io/templates', { accepts: (text: string) => text.split(',').every((name) => name.trim() !== ''), expected: 'names of injection templates with commas between' }],
  ['sidecar.istio.io/userVolume', JSON_MAP],
  ['sidecar.istio.io/userVolumeMount', JSON_MAP],
]);
