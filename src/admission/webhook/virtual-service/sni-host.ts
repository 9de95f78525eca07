import { isBoundHost, judgeBoundHost } from './bound-host';
import { isForGateways } from './scope';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isHostWithinAny } from '../values/host-match';
import { isIpAddress } from '../values/ip';

/** Objects to SNI hosts that are none or that the VirtualService's hosts don't cover; warns of addresses. */
export function judgeSniHosts(at: Objections, sniHosts: readonly string[], service: any): void {
  if (sniHosts.length === 0) objectToNone(at);
  sniHosts.forEach((host, index) => judgeSniHost(at.at(index), host, service));
}

function judgeSniHost(at: Objections, host: string, service: any): void {
  const hosts: readonly string[] = service.hosts ?? [];
  const gateways = isForGateways(service);
  if (!isBoundHost(host, gateways, true)) return isIpAddress(host) ? warnOfAddress(at, host) : judgeBoundHost(at, host, gateways, true);
  if (isHostWithinAny(host, hosts)) return;
  at.error({
    code: 'ADMIT446',
    actual: shown(host),
    expected: `a host that spec.hosts ${shown(hosts)} covers`,
    because: 'the VirtualService is for its hosts only',
    fix: 'add the host to spec.hosts, or correct it here',
  });
}

function objectToNone(at: Objections): void {
  at.error({
    code: 'ADMIT446',
    actual: 'empty',
    expected: 'at least one SNI host',
    because: 'a TLS connection is routed by its SNI',
    fix: 'name a host, or make it a TCP route',
  });
}

function warnOfAddress(at: Objections, host: string): void {
  at.warning({
    code: 'ADMIT446',
    actual: shown(host),
    expected: 'a DNS name',
    because: 'clients send no address as SNI',
    fix: 'name the host, or make it a TCP route',
  });
}
