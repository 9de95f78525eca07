import { isBoundHost, judgeBoundHost } from './bound-host';
import { isForGatewaysAlone, matchesSni } from './scope';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { hostsOverlap, isWildcarded } from '../values/host-match';
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

/** Tells each host once, however many it overlaps: thousands of equal ones are as many mistakes, not the square of it. */
function judgeOverlaps(at: Objections, hosts: readonly string[]): void {
  const names = new Set<string>();
  const wildcards = new Set<string>();
  hosts.forEach((host, index) => {
    const overlaps = (other: string) => hostsOverlap(other, host);
    const named = isWildcarded(host) ? [...names].find(overlaps) : names.has(host) ? host : undefined;
    const other = named ?? [...wildcards].find(overlaps);
    if (other !== undefined) objectToOverlap(at.at(index), host, other);
    (isWildcarded(host) ? wildcards : names).add(host);
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
