import { judgeEgressHosts } from './egress-hosts';
import { judgePortNumbers } from './port-numbers';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeIpAddress } from '../values/ip';
import { judgePort } from '../values/port';
import { judgePortName } from '../values/port-name';
import { judgeProtocol } from '../values/protocol';
import { judgeTargetPort } from '../values/target-port';
import { judgeUnixAddress, UNIX_ADDRESS_PREFIX } from '../values/unix-address';

/** Objects to listeners for what goes out of workloads of a namespace. */
export function judgeEgress(at: Objections, listeners: readonly any[], namespace: string): void {
  listeners.forEach((listener, index) => {
    if (listener.port) judgeListener(at.at(index), listener);
    else if (index < listeners.length - 1) objectToPlace(at.at(index, 'port'), listeners.length);
    judgeEgressHosts(at.at(index, 'hosts'), listener.hosts ?? [], namespace);
  });
  judgePortNumbers(at, listeners.map((listener) => listener.port?.number ? listener : {}));
  judgeSockets(at, listeners);
}

function judgeListener(at: Objections, { port, bind = '', captureMode = 'DEFAULT' }: any): void {
  judgeTargetPort(at.at('port'), port);
  if (port.name) judgePortName(at.at('port', 'name'), port.name);
  if (port.protocol) judgeProtocol(at.at('port', 'protocol'), port.protocol);
  if (!port.number) {
    judgeSocket(at, bind, captureMode);
    return;
  }
  judgePort(at.at('port', 'number'), port.number);
  if (bind) judgeIpAddress(at.at('bind'), bind);
}

function judgeSocket(at: Objections, bind: string, captureMode: string): void {
  if (bind.startsWith(UNIX_ADDRESS_PREFIX)) judgeUnixAddress(at.at('bind'), bind);
  else objectToSocket(at.at('bind'), bind === '' ? 'missing' : shown(bind), 'a Unix domain socket with port number 0', 'write a port number, or bind a socket such as \'unix:///var/run/app.sock\'');
  if (captureMode === 'IPTABLES') objectToSocket(at.at('captureMode'), shown(captureMode), 'DEFAULT or NONE with port number 0', 'remove captureMode, or write a port number');
}

function objectToSocket(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT490', actual, expected, because: 'a listener without a port is a socket, which iptables can\'t capture', fix });
}

function judgeSockets(at: Objections, listeners: readonly any[]): void {
  const sockets = listeners.map(({ port, bind = '' }) => port && !port.number ? bind : undefined);
  sockets.forEach((socket, index) => {
    const first = sockets.indexOf(socket);
    if (socket === undefined || first === index) return;
    at.at(index, 'bind').error({
      code: 'ADMIT479',
      actual: `${shown(socket)}, as is egress[${first}].bind`,
      expected: 'a socket of its own for each listener',
      because: 'the proxy listens on each socket once',
      fix: 'write another path, or put both into one listener',
    });
  });
}

function objectToPlace(at: Objections, count: number): void {
  at.error({
    code: 'ADMIT494',
    actual: 'missing',
    expected: `a port for every listener but the last of the ${count}`,
    because: 'the listener without a port is for what no other one takes',
    fix: 'write the port, or move the listener to the end of the list',
  });
}
