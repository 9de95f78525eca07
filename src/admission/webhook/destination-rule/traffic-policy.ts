import { judgeConnectionPool } from './connection-pool';
import { judgeLoadBalancer } from './load-balancer';
import { judgeOutlierDetection } from './outlier-detection';
import { judgeTunnel } from './tunnel';
import { Objections } from '../objections';
import { judgeClientTls } from '../values/client-tls';
import { judgeDurationText } from '../values/duration';

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const OTHER_FIELDS = ['tunnel', 'proxyProtocol', 'retryBudget'];

/** Objects to a traffic policy, of a host or a subset, that sets nothing or sets what can't be. */
export function judgeTrafficPolicy(at: Objections, policy: any, namespace: string): void {
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
