import { judgeConnectionPool, judgeOutlierDetection } from './connection-pool';
import { judgeLoadBalancer } from './load-balancer';
import { shown } from '../../../findings/shown';
import { isGoIpAddress } from '../../go-values';
import { Objection, Objections } from '../../objection';
import { judgeDurationText } from '../values/durations';
import { judgeExportTo } from '../values/export-to';
import { isDnsName, judgeWildcardHost, objectToDnsName } from '../values/hosts';
import { judgePort } from '../values/ports';
import { judgeLabels, judgeSubsetName, judgeWorkloadSelector } from '../values/selectors';
import { judgeClientTls } from '../values/tls';

/** What istiod's webhook has against a DestinationRule. */
export function destinationRuleObjections(object: any): Objection[] {
  const objections = new Objections();
  const spec = objections.at('spec');
  const rule = object.spec ?? {};
  const namespace = object.metadata?.namespace ?? '';
  judgeWildcardHost(spec.at('host'), rule.host ?? '');
  judgeTrafficPolicy(spec.at('trafficPolicy'), rule.trafficPolicy, namespace);
  judgeSubsets(spec.at('subsets'), rule.subsets, namespace);
  const workloadSelector = rule.workloadSelector !== undefined;
  judgeExportTo(spec.at('exportTo'), rule.exportTo, { namespace, workloadSelector });
  judgeWorkloadSelector(spec.at('workloadSelector'), rule.workloadSelector);
  return [...objections.all];
}

/** Objects to subsets whose names, labels or policies don't hold, and to two of one name. */
function judgeSubsets(at: Objections, subsets: readonly any[] | undefined, namespace: string): void {
  const names = new Set<string>();
  (subsets ?? []).forEach((subset, index) => {
    const place = at.at(index);
    const name = subset.name ?? '';
    if (names.has(name)) objectToDuplicate(place.at('name'), name);
    names.add(name);
    judgeSubsetName(place.at('name'), name);
    judgeLabels(place.at('labels'), subset.labels);
    judgeTrafficPolicy(place.at('trafficPolicy').errorsOnly(), subset.trafficPolicy, namespace);
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

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const OTHER_FIELDS = ['tunnel', 'proxyProtocol', 'retryBudget'];

/** Objects to a traffic policy, of a host or a subset, that sets nothing or sets what can't be. */
function judgeTrafficPolicy(at: Objections, policy: any, namespace: string): void {
  if (!policy) return;
  judgeDurationText(at.at('retryBudget', 'budgetInterval'), policy.retryBudget?.budgetInterval);
  const ports: readonly any[] = policy.portLevelSettings ?? [];
  if (ports.length === 0 && setsNothing(policy, [...PORT_FIELDS, ...OTHER_FIELDS])) return objectToEmpty(at);
  if (policy.tunnel && policy.proxyProtocol) return objectToTunnelledProxyProtocol(at.at('proxyProtocol'));
  judgeSettings(at, policy, namespace);
  ports.forEach((port, index) => judgePortPolicy(at.at('portLevelSettings', index).errorsOnly(), port, namespace));
  judgeTunnel(at.at('tunnel'), policy.tunnel);
}

function judgeSettings(at: Objections, policy: any, namespace: string): void {
  judgeOutlierDetection(at.at('outlierDetection'), policy.outlierDetection);
  judgeConnectionPool(at.at('connectionPool'), policy.connectionPool);
  judgeLoadBalancer(at.at('loadBalancer'), policy.loadBalancer, policy.outlierDetection !== undefined);
  judgeClientTls(at.at('tls'), policy.tls, namespace);
}

function judgePortPolicy(at: Objections, policy: any, namespace: string): void {
  if (!policy.port) {
    at.at('port').error({
      code: 'ADMIT415',
      actual: 'missing',
      expected: 'the Service\'s port that the settings are for',
      because: 'settings for no port apply to nothing',
      fix: 'add \'port: { number: … }\'',
    });
  }
  if (setsNothing(policy, PORT_FIELDS)) objectToEmpty(at);
  else judgeSettings(at, policy, namespace);
}

function setsNothing(policy: any, fields: readonly string[]): boolean {
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

/** Objects to a tunnel of an unknown protocol or without a target. */
function judgeTunnel(at: Objections, tunnel: any): void {
  if (!tunnel) return;
  judgeProtocol(at.at('protocol'), tunnel.protocol ?? '');
  const host = tunnel.targetHost ?? '';
  if (!isDnsName(host) && !isGoIpAddress(host)) objectToDnsName(at.at('targetHost'), host);
  judgePort(at.at('targetPort'), tunnel.targetPort);
}

function judgeProtocol(at: Objections, protocol: string): void {
  if (['', 'CONNECT', 'POST'].includes(protocol)) return;
  at.error({
    code: 'ADMIT414',
    actual: shown(protocol),
    expected: '\'CONNECT\' or \'POST\'',
    because: 'Envoy opens tunnels with these methods only',
    fix: 'write \'CONNECT\', or leave the field out',
  });
}
