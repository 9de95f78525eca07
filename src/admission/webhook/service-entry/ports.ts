import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgePort } from '../values/port';
import { judgePortName } from '../values/port-name';
import { isHttpProtocol, isTlsProtocol, judgeProtocol } from '../values/protocol';

const AUTO_ALLOCATION = 'networking.istio.io/enable-autoallocate-ip';

/** Objects to ports that double each other or aren't any; warns of TCP ports that nothing tells apart. */
export function judgePorts(at: Objections, entry: any, labels: { readonly [name: string]: string }): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const needsAddress = !(entry.addresses?.length > 0) && !allocatesAddresses(entry, labels);
  (entry.ports ?? []).forEach((port: any, index: number) => {
    const place = at.at(index);
    const name = port.name ?? '';
    if (names.has(name)) objectToSecond(place.at('name'), name);
    if (numbers.has(port.number)) objectToSecond(place.at('number'), port.number);
    names.add(name);
    numbers.add(port.number);
    if (port.targetPort) judgePort(place.at('targetPort'), port.targetPort);
    if (needsAddress && ['', 'TCP'].includes(port.protocol ?? '')) warnOfMissingAddresses(place.at('protocol'), port.protocol);
    judgePortName(place.at('name'), name);
    if (port.protocol) judgeProtocol(place.at('protocol'), port.protocol);
    judgePort(place.at('number'), port.number);
  });
}

/** Objects to the first port on which several hosts can't be told apart. */
export function judgePortsOfManyHosts(at: Objections, entry: any): void {
  if (!(entry.hosts?.length > 1) || (entry.resolution ?? 'NONE') === 'NONE') return;
  const ports: readonly any[] = entry.ports ?? [];
  const index = ports.findIndex((port) => !isHttpProtocol(port.protocol ?? '') && !isTlsProtocol(port.protocol ?? ''));
  if (index >= 0) objectToManyHosts(at.at(index, 'protocol'), ports[index].protocol);
}

/** Whether istiod gives the hosts addresses of its own: unless opted out, and not for resolution NONE. */
function allocatesAddresses(entry: any, labels: { readonly [name: string]: string }): boolean {
  return (entry.resolution ?? 'NONE') !== 'NONE' && !/^false$/iu.test(labels[AUTO_ALLOCATION] ?? '');
}

function objectToSecond(at: Objections, value: unknown): void {
  at.error({
    code: 'ADMIT448',
    actual: `${shown(value)} a second time`,
    expected: 'each name and number once',
    because: 'a port is found by its name and by its number',
    fix: 'rename or renumber one of the ports, or remove it',
  });
}

function objectToManyHosts(at: Objections, protocol: unknown): void {
  at.error({
    code: 'ADMIT448',
    actual: `${shown(protocol)} for several hosts`,
    expected: 'HTTP, HTTPS, TLS or their kin, or one host',
    because: 'plain TCP doesn\'t tell which host is meant',
    fix: 'set the protocol, or write a ServiceEntry for each host',
  });
}

function warnOfMissingAddresses(at: Objections, protocol: unknown): void {
  at.warning({
    code: 'ADMIT448',
    actual: `${shown(protocol)} without spec.addresses`,
    expected: 'addresses for a port that may serve TCP',
    because: 'only the address tells one TCP service from another, and none is allocated',
    fix: 'add addresses, or set a protocol such as HTTP or TLS',
  });
}
