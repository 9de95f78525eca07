import { ServiceEntrySpec, ServicePort } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { isFilled } from '../decoded';
import { isFullDnsName, isWildcarded, objectToDnsName } from '../values/hosts';
import { judgeLabels } from '../values/selectors';
import { isReachable, judgeEndpoint, judgeEndpointPorts, objectToAddress } from '../workload-entry';

const TCP_PROTOCOLS = ['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'];

/** Rejects hosts, addresses, endpoints and ports that don't fit the resolution. */
export function judgeResolution(at: Objections, entry: ServiceEntrySpec, labels: { readonly [name: string]: string }): void {
  const { resolution = 'NONE', ports = [], addresses = [] } = entry;
  const servicePorts = new Set(ports.map(({ name }) => name));
  if (resolution !== 'NONE' && resolution !== 'STATIC') judgeRanges(at.at('addresses'), addresses, resolution);
  if (resolution === 'NONE') judgeNone(at, entry);
  if (resolution === 'STATIC') {
    entry.endpoints?.forEach((endpoint, index) => judgeEndpoint(at.at('endpoints', index), endpoint, servicePorts));
  }
  if (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') judgeDns(at, entry, servicePorts);
  if (resolution === 'DYNAMIC_DNS') judgeDynamicDns(at, entry, labels);
}

function judgeRanges(at: Objections, addresses: readonly string[], resolution: string): void {
  const index = addresses.findIndex((address) => address.includes('/'));
  if (index >= 0) {
    objectTo(at.at(index), `${shown(addresses[index])} with resolution ${resolution}`, 'a range with resolution NONE or STATIC only');
  }
}

function judgeNone(at: Objections, entry: ServiceEntrySpec): void {
  if (isFilled(entry.endpoints)) objectTo(at.at('endpoints'), 'set with resolution NONE', 'no endpoints');
  if (!entry.workloadSelector) return;
  at.at('workloadSelector').warning({
    code: 'ADMIT448',
    actual: 'set with resolution NONE',
    expected: 'resolution STATIC',
    because: 'without resolution requests go to the address they were sent to',
    fix: 'set resolution to STATIC',
  });
}

function judgeDns(at: Objections, entry: ServiceEntrySpec, servicePorts: ReadonlySet<string>): void {
  const { endpoints = [] } = entry;
  if (endpoints.length === 0) judgeLookedUpHosts(at.at('hosts'), entry.hosts);
  if (entry.resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    objectTo(at.at('endpoints'), `${endpoints.length} with resolution DNS_ROUND_ROBIN`, 'at most one endpoint');
  }
  endpoints.forEach(({ address = '', labels, ports }, index) => {
    const place = at.at('endpoints', index);
    if (!isReachable(address)) objectToAddress(place.at('address'), address, true);
    judgeLabels(place.at('labels'), labels);
    judgeEndpointPorts(place.at('ports'), ports, servicePorts);
  });
  warnOfHostsOfOneAddress(at.at('hosts'), entry);
}

function judgeLookedUpHosts(at: Objections, hosts: readonly string[]): void {
  const index = hosts.findIndex((host) => !isFullDnsName(host));
  if (index >= 0) objectToDnsName(at.at(index), hosts[index]);
}

function warnOfHostsOfOneAddress(at: Objections, { ports = [], addresses, hosts }: ServiceEntrySpec): void {
  const tcp = ports.some((port) => TCP_PROTOCOLS.includes(protocolOf(port)));
  if (!tcp || !isFilled(addresses) || hosts.length < 2) return;
  at.warning({
    code: 'ADMIT448',
    actual: `${hosts.length} hosts for a TCP port with addresses`,
    expected: 'one host',
    because: 'the address doesn\'t tell which host is meant',
    fix: 'write a ServiceEntry for each host',
  });
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT448',
    actual,
    expected,
    because: 'the resolution says how an address is found',
    fix: 'change resolution, or remove the field',
  });
}

function protocolOf({ protocol = '' }: ServicePort): string {
  return protocol.toLowerCase();
}

const USE_WAYPOINT = 'istio.io/use-waypoint';

/** Rejects what doesn't fit resolution DYNAMIC_DNS, where a proxy looks up the host of each request. */
function judgeDynamicDns(at: Objections, entry: ServiceEntrySpec, labels: { readonly [name: string]: string }): void {
  entry.hosts.forEach((host, index) => {
    if (!isWildcarded(host)) objectToDynamic(at.at('hosts', index), shown(host), 'a host with a wildcard in front');
  });
  for (const field of ['addresses', 'endpoints'] as const) {
    if (isFilled(entry[field])) objectToDynamic(at.at(field), 'set', 'nothing: each request\'s host is looked up');
  }
  entry.ports?.forEach((port, index) => {
    if (!['http', 'http2', 'grpc', 'tls'].includes(protocolOf(port))) {
      objectToDynamic(at.at('ports', index, 'protocol'), shown(port.protocol), 'HTTP, HTTP2, GRPC or TLS, which tell the host');
    }
  });
  judgeLocation(at.at('location'), entry, labels[USE_WAYPOINT] ?? '');
}

function judgeLocation(at: Objections, entry: ServiceEntrySpec, waypoint: string): void {
  if (entry.location !== 'MESH_INTERNAL' || waypoint === '' || /^none$/iu.test(waypoint)) return;
  objectToDynamic(at, `MESH_INTERNAL with the waypoint ${shown(waypoint)}`, 'MESH_EXTERNAL, or no waypoint');
}

function objectToDynamic(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT448',
    actual,
    expected,
    because: 'with resolution DYNAMIC_DNS a proxy looks up the host of each request',
    fix: 'change resolution, or correct the field',
  });
}
