import { IstioEgressListener, SidecarPort } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { judgeIpAddress, judgeUnixAddress, UNIX_ADDRESS_PREFIX } from '../values/addresses';
import { judgeConfigHost } from '../values/hosts';
import { judgePort, judgePortName, judgePortNumbers, judgeProtocol, judgeTargetPort } from '../values/ports';

/**
 * Rejects invalid outbound listeners for workloads of a namespace.
 *
 * @param namespace what `.` stands for; undefined: different namespaces
 */
export function judgeEgress(at: Objections, listeners: readonly IstioEgressListener[], namespace?: string): void {
  listeners.forEach((listener, index) => {
    if (listener.port) judgeListener(at.at(index), listener.port, listener);
    else if (index < listeners.length - 1) objectToPlace(at.at(index, 'port'), listeners.length);
    judgeEgressHosts(at.at(index, 'hosts'), listener.hosts, namespace);
  });
  judgePortNumbers(at, listeners.map((listener) => listener.port?.number ? listener : {}));
  judgeSockets(at, listeners);
}

function judgeListener(at: Objections, port: SidecarPort, { bind = '', captureMode = 'DEFAULT' }: IstioEgressListener): void {
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
  if (bind.startsWith(UNIX_ADDRESS_PREFIX)) {
    judgeUnixAddress(at.at('bind'), bind);
  } else {
    objectToSocket(at.at('bind'), bind === '' ? 'missing' : shown(bind), 'a Unix domain socket with port number 0',
      'write a port number, or bind a socket such as \'unix:///var/run/app.sock\'');
  }
  if (captureMode === 'IPTABLES') {
    objectToSocket(at.at('captureMode'), shown(captureMode), 'DEFAULT or NONE with port number 0',
      'remove captureMode, or write a port number');
  }
}

function objectToSocket(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT490', actual, expected, because: 'a listener without a port is a socket, which iptables can\'t capture', fix });
}

function judgeSockets(at: Objections, listeners: readonly IstioEgressListener[]): void {
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
    expected: `a port for every listener except the last of the ${count}`,
    because: 'the listener without a port is for what no other one takes',
    fix: 'write the port, or move the listener to the end of the list',
  });
}

/** Rejects listener hosts that aren't `namespace/host`, and an empty list; warns of hosts that another covers. */
function judgeEgressHosts(at: Objections, hosts: readonly string[], namespace: string | undefined): void {
  if (hosts.length === 0) objectToNone(at);
  const covered = new Map<string, Set<string>>();
  hosts.forEach((entry, index) => {
    if (isDuplicate(entry, namespace, covered)) warnOfDuplicate(at.at(index), entry);
    judgeConfigHost(at.at(index), entry, { of: 'Sidecar' });
  });
  if (covered.get('*')?.has('*') && covered.size > 1) warnOfEverything(at, hosts);
}

/** Records what the entry covers; an entry that excludes, with `~`, covers nothing. */
function isDuplicate(entry: string, own: string | undefined, covered: Map<string, Set<string>>): boolean {
  const slash = entry.indexOf('/');
  if (slash < 0 || entry.startsWith('~')) return false;
  const [namespace, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
  const place = namespace === '.' ? own ?? namespace : namespace;
  const hosts = covered.get(place) ?? new Set();
  const duplicate = host === '*' ? hosts.size > 0 : hosts.has(host) || hosts.has('*');
  covered.set(place, hosts.add(host));
  return duplicate;
}

function warnOfDuplicate(at: Objections, entry: string): void {
  at.warning({
    code: 'ADMIT492',
    actual: `${shown(entry)}, which overlaps an entry before it`,
    expected: 'each host once',
    because: '\'.\' stands for the own namespace, and \'*\' for every host of a namespace',
    fix: 'remove the narrower of the two entries',
  });
}

function warnOfEverything(at: Objections, hosts: readonly string[]): void {
  at.warning({
    code: 'ADMIT492',
    actual: shown(hosts),
    expected: '\'*/*\' alone',
    because: 'it already selects every host in every namespace',
    fix: 'remove \'*/*\', or everything else',
  });
}

function objectToNone(at: Objections): void {
  at.error({
    code: 'ADMIT477',
    actual: 'empty',
    expected: 'at least one host',
    because: 'a listener without hosts leads nowhere',
    fix: 'write a host such as \'./*\' for its own namespace or \'istio-system/*\'',
  });
}
