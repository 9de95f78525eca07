import { isBoundHost, judgeBoundHost } from './bound-host';
import { isForGatewaysAlone, matchesSni } from './scope';
import { shown } from '../../shown';
import { Objections } from '../objections';
import { hostsOverlap } from '../values/host-match';
import { isIpAddress } from '../values/ip';

/** Objects to hosts that are none, and, when all are, to those that overlap. */
export function judgeHosts(at: Objections, service: any): void {
  const hosts: readonly string[] = service.hosts ?? [];
  const [forGateways, sni] = [isForGatewaysAlone(service), matchesSni(service)];
  let valid = true;
  hosts.forEach((host, index) => {
    if (isIpAddress(host)) return;
    if (host === '*' && !forGateways) objectToAnyHost(at.at(index));
    else judgeBoundHost(at.at(index), host, forGateways, sni);
    valid &&= isBoundHost(host, forGateways, sni) && (host !== '*' || forGateways);
  });
  if (valid) judgeOverlaps(at, hosts);
}

function judgeOverlaps(at: Objections, hosts: readonly string[]): void {
  hosts.forEach((host, index) => {
    const earlier = hosts.slice(0, index).filter((other) => hostsOverlap(other, host));
    for (const other of earlier) objectToOverlap(at.at(index), host, other);
  });
}

function objectToAnyHost(at: Objections): void {
  at.error({
    code: 'ADMIT401',
    actual: '\'*\'',
    expected: 'hosts by name in a VirtualService for sidecars',
    because: 'it would catch every request of the mesh',
    fix: 'name the hosts, or the gateways it is for',
  });
}

function objectToOverlap(at: Objections, host: string, other: string): void {
  at.error({
    code: 'ADMIT436',
    actual: `${shown(host)} beside ${shown(other)}`,
    expected: 'hosts that don\'t cover each other',
    because: 'a host\'s routes are built once',
    fix: 'remove one of the two',
  });
}
