import { judgeDefaultEndpoint } from './default-endpoint';
import { judgeIngressTls } from './ingress-tls';
import { judgePortNumbers } from './port-numbers';
import { shown } from '../../../findings/safe-text';
import { judgeConnectionPool } from '../destination-rule/connection-pool';
import { Objections } from '../objections';
import { judgeIpAddress } from '../values/ip';
import { judgePort } from '../values/port';
import { judgePortName } from '../values/port-name';
import { isHttpProtocol, judgeProtocol } from '../values/protocol';
import { judgeTargetPort } from '../values/target-port';

/** Objects to listeners for what comes in. */
export function judgeIngress(at: Objections, listeners: readonly any[]): void {
  listeners.forEach((listener, index) => judgeListener(at.at(index), listener));
  judgePortNumbers(at, listeners);
}

function judgeListener(at: Objections, { port = {}, bind, defaultEndpoint, tls, connectionPool }: any): void {
  judgeTargetPort(at.at('port'), port);
  if (port.name) judgePortName(at.at('port', 'name'), port.name);
  if (port.protocol) judgeProtocol(at.at('port', 'protocol'), port.protocol);
  judgePort(at.at('port', 'number'), port.number);
  if (bind) judgeIpAddress(at.at('bind'), bind);
  if (defaultEndpoint) judgeDefaultEndpoint(at.at('defaultEndpoint'), defaultEndpoint);
  if (tls) judgeIngressTls(at.at('tls'), tls, port.protocol ?? '');
  judgeConnectionPool(at.at('connectionPool'), connectionPool);
  if (connectionPool?.http && !isHttpProtocol(port.protocol ?? '')) warnOfHttpPool(at.at('connectionPool', 'http'), port.protocol);
}

function warnOfHttpPool(at: Objections, protocol: string | undefined): void {
  at.warning({
    code: 'ADMIT491',
    actual: `set on a port with protocol ${shown(protocol)}`,
    expected: 'it on a port with an HTTP protocol only',
    because: 'only the settings under tcp apply to other protocols',
    fix: 'write protocol HTTP, HTTP2 or GRPC, or remove http',
  });
}
