import { judgeConnectionPool, judgeOutlierDetection } from './connection-pool';
import { judgeLoadBalancer } from './load-balancer';
import { DestinationRuleSpec, PortTrafficPolicy, Subset, TrafficPolicy, TunnelSettings } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { isGoIpAddress } from '../../../manifests/go-values';
import { Objections } from '../../objection';
import { Decoded } from '../decoded';
import { judgeDurationText } from '../values/durations';
import { judgeExportTo } from '../values/export-to';
import { isFullDnsName, judgeWildcardHost, objectToDnsName } from '../values/hosts';
import { judgePort } from '../values/ports';
import { judgeLabels, judgeSubsetName, judgeWorkloadSelector } from '../values/selectors';
import { judgeClientTls } from '../values/tls';

/** Rejects what istiod's webhook rejects in a DestinationRule. */
export function judgeDestinationRule(objections: Objections, { metadata: { namespace = '' }, spec }: Decoded<DestinationRuleSpec>): void {
  const at = objections.at('spec');
  judgeWildcardHost(at.at('host'), spec.host ?? '');
  judgeTrafficPolicy(at.at('trafficPolicy'), spec.trafficPolicy, namespace);
  judgeSubsets(at.at('subsets'), spec.subsets, namespace);
  const workloadSelector = spec.workloadSelector !== undefined;
  judgeExportTo(at.at('exportTo'), spec.exportTo, { namespace, workloadSelector });
  judgeWorkloadSelector(at.at('workloadSelector'), spec.workloadSelector);
}

/** Rejects subsets with invalid or duplicate names, labels or policies. */
function judgeSubsets(at: Objections, subsets: readonly Subset[] | undefined, namespace: string): void {
  const names = new Set<string>();
  subsets?.forEach(({ name, labels, trafficPolicy }, index) => {
    const place = at.at(index);
    if (names.has(name)) objectToDuplicate(place.at('name'), name);
    names.add(name);
    judgeSubsetName(place.at('name'), name);
    judgeLabels(place.at('labels'), labels);
    judgeTrafficPolicy(place.at('trafficPolicy').errorsOnly(), trafficPolicy, namespace);
  });
}

function objectToDuplicate(at: Objections, name: string): void {
  at.error({
    code: 'ADMIT410',
    actual: `${shown(name)} a second time`,
    expected: 'each subset name once',
    because: 'a route to the subset could mean either',
    fix: 'rename one of them, or merge the two',
  });
}

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const FIELDS = [...PORT_FIELDS, 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

/** Rejects a traffic policy, of a host or a subset, that is empty or invalid. */
function judgeTrafficPolicy(at: Objections, policy: TrafficPolicy | undefined, namespace: string): void {
  if (!policy) return;
  judgeDurationText(at.at('retryBudget', 'budgetInterval'), policy.retryBudget?.budgetInterval);
  const ports = policy.portLevelSettings ?? [];
  if (ports.length === 0 && setsNothing(policy, FIELDS)) return objectToEmpty(at);
  if (policy.tunnel && policy.proxyProtocol) return objectToTunnelledProxyProtocol(at.at('proxyProtocol'));
  judgeSettings(at, policy, namespace);
  ports.forEach((port, index) => judgePortPolicy(at.at('portLevelSettings', index).errorsOnly(), port, namespace));
  judgeTunnel(at.at('tunnel'), policy.tunnel);
}

/** What a port may set for itself. */
type Settings = Pick<TrafficPolicy, typeof PORT_FIELDS[number]>;

function judgeSettings(at: Objections, policy: Settings, namespace: string): void {
  judgeOutlierDetection(at.at('outlierDetection'), policy.outlierDetection);
  judgeConnectionPool(at.at('connectionPool'), policy.connectionPool);
  judgeLoadBalancer(at.at('loadBalancer'), policy.loadBalancer, policy.outlierDetection !== undefined);
  judgeClientTls(at.at('tls'), policy.tls, namespace);
}

function judgePortPolicy(at: Objections, policy: PortTrafficPolicy, namespace: string): void {
  if (!policy.port) {
    at.at('port').error({
      code: 'ADMIT415',
      actual: 'missing',
      expected: 'the Service port that the settings apply to',
      because: 'settings without a port apply to nothing',
      fix: 'add \'port: { number: … }\'',
    });
  }
  if (setsNothing(policy, PORT_FIELDS)) objectToEmpty(at);
  else judgeSettings(at, policy, namespace);
}

function setsNothing<Field extends string>(policy: { readonly [field in Field]?: unknown }, fields: readonly Field[]): boolean {
  return fields.every((field) => policy[field] === undefined);
}

function objectToEmpty(at: Objections): void {
  at.error({
    code: 'ADMIT413',
    actual: 'without any setting',
    expected: 'at least one setting, such as tls or connectionPool',
    because: 'a policy that sets nothing would still replace another one',
    fix: 'add a setting, or remove the policy',
  });
}

function objectToTunnelledProxyProtocol(at: Objections): void {
  at.error({
    code: 'ADMIT414',
    actual: 'set together with tunnel',
    expected: 'tunnel or proxyProtocol, not both',
    because: 'Envoy can wrap a connection in one of them only',
    fix: 'remove tunnel or proxyProtocol',
  });
}

/** Rejects a tunnel with an unknown protocol or without a target. */
function judgeTunnel(at: Objections, tunnel: TunnelSettings | undefined): void {
  if (!tunnel) return;
  judgeProtocol(at.at('protocol'), tunnel.protocol ?? '');
  const { targetHost = '' } = tunnel;
  if (!isFullDnsName(targetHost) && !isGoIpAddress(targetHost)) objectToDnsName(at.at('targetHost'), targetHost);
  judgePort(at.at('targetPort'), tunnel.targetPort);
}

function judgeProtocol(at: Objections, protocol: string): void {
  if (['', 'CONNECT', 'POST'].includes(protocol)) return;
  at.error({
    code: 'ADMIT414',
    actual: shown(protocol),
    expected: '\'CONNECT\' or \'POST\'',
    because: 'Envoy opens tunnels with these methods only',
    fix: 'write \'CONNECT\', or remove the field',
  });
}
