import { judgeClaims, judgeSource } from './http-match';
import { judgeDestination, judgeHttpRoute, judgeWeights, objectToNoAction } from './http-route';
import { warnOfUnreachable } from './unreachable';
import { L4MatchAttributes, RouteDestination, TCPRoute, TLSRoute, VirtualServiceSpec } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { isGoIpAddress } from '../../../manifests/go-values';
import { MESH_GATEWAY } from '../../../manifests/kinds';
import { Objections } from '../../objection';
import { Decoded, isFilled } from '../decoded';
import { judgeSubnets } from '../values/addresses';
import { judgeExportTo } from '../values/export-to';
import { hostsOverlap, isHostWithinAny, isWildcarded, isWildcardHost, judgeGatewayNames, judgeWildcardHost } from '../values/hosts';

const ROUTE_SEMANTICS = 'internal.istio.io/route-semantics';

const PROTOCOLS = ['http', 'tcp', 'tls'] as const;

/** Rejects what istiod's webhook rejects in a VirtualService. */
export function judgeVirtualService(objections: Objections, { metadata, spec }: Decoded<VirtualServiceSpec>): void {
  const at = objections.at('spec');
  const fromGatewayApi = metadata.annotations?.[ROUTE_SEMANTICS] === 'gateway';
  judgeDelegate(at, spec);
  judgeGatewayNames(at.at('gateways'), spec.gateways, fromGatewayApi);
  judgeHosts(at.at('hosts'), spec);
  if (!PROTOCOLS.some((protocol) => isFilled(spec[protocol]))) objectToNoAction(at, 'http, tcp or tls');
  judgeHttpRoutes(at.at('http'), spec, fromGatewayApi);
  spec.tls?.forEach((route, index) => judgeTlsRoute(at.at('tls', index), route, spec, fromGatewayApi));
  spec.tcp?.forEach((route, index) => judgeTcpRoute(at.at('tcp', index), route, fromGatewayApi));
  judgeExportTo(at.at('exportTo'), spec.exportTo, { namespace: metadata.namespace ?? '' });
  for (const protocol of PROTOCOLS) warnOfUnreachable(at.at(protocol), spec[protocol] ?? []);
}

function judgeHttpRoutes(at: Objections, service: VirtualServiceSpec, fromGatewayApi: boolean): void {
  const inDelegate = !isFilled(service.hosts);
  service.http?.forEach((route, index) => {
    judgeHttpRoute(at.at(index), route, { inDelegate, fromGatewayApi });
    if (isForGatewaysAlone(service)) return;
    route.match?.forEach((match, place) => judgeClaims(at.at(index, 'match', place), match));
  });
}

/** Rejects what a delegate, a VirtualService without hosts, can't have. */
function judgeDelegate(at: Objections, service: VirtualServiceSpec): void {
  if (isFilled(service.hosts)) return;
  for (const field of ['gateways', 'tls', 'tcp'] as const) {
    if (isFilled(service[field])) objectToField(at.at(field), field);
  }
}

function objectToField(at: Objections, field: string): void {
  at.error({
    code: 'ADMIT431',
    actual: 'set in a VirtualService without hosts',
    expected: 'HTTP routes only',
    because: 'without hosts it is a delegate, which adds HTTP routes to another VirtualService',
    fix: `add hosts, or remove ${field}`,
  });
}

/** Whether the gateways don't include `mesh`; an empty list doesn't either. */
function isForGateways(service: VirtualServiceSpec): boolean {
  return !(service.gateways ?? []).includes(MESH_GATEWAY);
}

/** Whether only gateways use the VirtualService; without gateways, sidecars do. */
function isForGatewaysAlone(service: VirtualServiceSpec): boolean {
  return isFilled(service.gateways) && isForGateways(service);
}

/** Whether a TLS route of it matches SNI hosts. */
function matchesSni({ tls = [] }: VirtualServiceSpec): boolean {
  return tls.some(({ match }) => match.some(({ sniHosts }) => isFilled(sniHosts)));
}

/** Rejects invalid hosts or, if all are valid, overlapping ones. */
function judgeHosts(at: Objections, service: VirtualServiceSpec): void {
  const hosts = service.hosts ?? [];
  const [forGateways, sni] = [isForGatewaysAlone(service), matchesSni(service)];
  let valid = true;
  hosts.forEach((host, index) => {
    if (isGoIpAddress(host)) return;
    if (host === '*' && !forGateways) objectToAnyHost(at.at(index));
    else judgeBoundHost(at.at(index), host, forGateways, sni);
    valid &&= isBoundHost(host, forGateways, sni) && (host !== '*' || forGateways);
  });
  if (valid) judgeOverlaps(at, hosts);
}

/** Reports each host once, however many it overlaps: otherwise thousands of equal hosts would yield millions of findings. */
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
    because: 'it would match every request in the mesh',
    fix: 'add hosts, or the gateways it applies to',
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

const GENERATED = 'outbound_';

/** Whether a VirtualService can be for the host: a gateway that sees SNI also allows hosts such as `outbound_.80_._.a.b`. */
function isBoundHost(host: string, forGateways: boolean, sni: boolean): boolean {
  return isGenerated(host, forGateways, sni) ? isGeneratedHost(host) : isWildcardHost(host);
}

/** Rejects a host that a VirtualService can't be for. */
function judgeBoundHost(at: Objections, host: string, forGateways: boolean, sni: boolean): void {
  if (!isGenerated(host, forGateways, sni)) return judgeWildcardHost(at, host);
  if (isGeneratedHost(host)) return;
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'the form outbound_.<port>_._.<host>',
    because: 'that is how Istio names the SNI of a port of a service',
    fix: 'write a host such as \'outbound_.80_._.reviews.prod.svc.cluster.local\'',
  });
}

function isGenerated(host: string, forGateways: boolean, sni: boolean): boolean {
  return forGateways && sni && host.startsWith(GENERATED);
}

function isGeneratedHost(host: string): boolean {
  const [, port, subset, name] = host.split('_');
  return Buffer.byteLength(host) <= 255 && subset !== undefined && /[0-9]/.test(port) && /[a-zA-Z]/.test(name ?? '');
}

/** Rejects faults in a TCP route. */
function judgeTcpRoute(at: Objections, route: TCPRoute, fromGatewayApi: boolean): void {
  route.match?.forEach((match, index) => judgeLayer4Match(at.at('match', index).errorsOnly(), match));
  judgeDestinations(at, route.route ?? [], fromGatewayApi);
}

/** Rejects faults in a TLS route; `service` is the VirtualService's spec. */
function judgeTlsRoute(at: Objections, route: TLSRoute, service: VirtualServiceSpec, fromGatewayApi: boolean): void {
  if (route.match.length === 0) objectToNoMatch(at.at('match'));
  route.match.forEach((match, index) => {
    const place = at.at('match', index);
    judgeSniHosts(place.at('sniHosts'), match.sniHosts, service);
    judgeLayer4Match(place, match);
  });
  judgeDestinations(at, route.route ?? [], fromGatewayApi);
}

function judgeLayer4Match(at: Objections, match: L4MatchAttributes): void {
  judgeSubnets(at.at('destinationSubnets'), match.destinationSubnets);
  judgeSource(at, match);
}

function judgeDestinations(at: Objections, destinations: readonly RouteDestination[], fromGatewayApi: boolean): void {
  if (destinations.length === 0) objectToNoAction(at.at('route'), 'a destination');
  destinations.forEach((destination, index) => {
    if (!fromGatewayApi) judgeDestination(at.at('route', index, 'destination'), destination.destination);
  });
  judgeWeights(at.at('route'), destinations);
}

function objectToNoMatch(at: Objections): void {
  at.error({
    code: 'ADMIT446',
    actual: 'empty',
    expected: 'at least one match with sniHosts',
    because: 'a TLS connection is routed by its SNI',
    fix: 'add a match, or make it a TCP route',
  });
}

/** Rejects SNI hosts that are invalid or not covered by the VirtualService's hosts; warns of addresses. */
function judgeSniHosts(at: Objections, sniHosts: readonly string[], service: VirtualServiceSpec): void {
  if (sniHosts.length === 0) objectToNone(at);
  sniHosts.forEach((host, index) => judgeSniHost(at.at(index), host, service));
}

function judgeSniHost(at: Objections, host: string, service: VirtualServiceSpec): void {
  const hosts = service.hosts ?? [];
  const gateways = isForGateways(service);
  if (!isBoundHost(host, gateways, true)) return isGoIpAddress(host) ? warnOfAddress(at, host) : judgeBoundHost(at, host, gateways, true);
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
