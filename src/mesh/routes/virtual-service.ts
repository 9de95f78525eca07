import { readDestination } from './destinations';
import { HttpRules } from './http-routes';
import { MESH_GATEWAY, Route, RouteAnswer, RoutedCall, ToldDestination } from './route';
import { tcpAnswer } from './tcp-routes';
import { tlsAnswer } from './tls-routes';
import { fullHost, HostContext } from '../names/hosts';
import { isEmpty } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { isShape, labelsOf, Shape, shapes, text, texts } from '../objects/shape';

/**
 * A VirtualService as sidecars see it; undefined for one that is for gateways only, or a delegate.
 *
 * @param spec what counts of it, if something changes it
 */
export function virtualServiceRoute(object: MeshObject, spec = object.spec): Route | undefined {
  const hosts = texts(spec.hosts).map((host) => fullHost(host, object).toLowerCase());
  const gateways = texts(spec.gateways);
  if (hosts.length === 0 || (gateways.length > 0 && !gateways.includes(MESH_GATEWAY))) return undefined;
  const matches = ['http', 'tcp', 'tls'].flatMap((kind) => shapes(spec[kind])).flatMap(({ match }) => shapes(match));
  const http = new HttpRules(shapes(spec.http), object);
  return {
    object,
    hosts,
    exportTo: texts(spec.exportTo),
    sourceLabels: matches.map((match) => labelsOf(match.sourceLabels)).filter((labels) => !isEmpty(labels)),
    sourceNamespaces: callersOf(matches),
    serverNames: shapes(spec.tls).flatMap(({ match }) => shapes(match)).flatMap(({ sniHosts }) => texts(sniHosts)),
    destinations: allDestinations(object),
    answer: (call) => (call.kind === 'http' ? http.answer(call) : layer4Answer(spec, object, call)),
  };
}

function layer4Answer(spec: Shape, context: HostContext, call: RoutedCall): RouteAnswer | undefined {
  return call.kind === 'tls' ? tlsAnswer(shapes(spec.tls), context, call) : tcpAnswer(shapes(spec.tcp), context, call);
}

function allDestinations(object: MeshObject): readonly ToldDestination[] {
  const { spec } = object;
  return ['http', 'tcp', 'tls'].flatMap((kind) => shapes(spec[kind]).flatMap(({ match, route, mirror, mirrors }) => {
    const callers = kind === 'http' ? callersOf(shapes(match)) : [];
    const named = [...shapes(route).map(({ destination }) => destination), ...shapes(mirrors).map(({ destination }) => destination), mirror];
    return named.filter(isShape).map((destination) => ({ ...readDestination(destination, object), callers }));
  }));
}

function callersOf(matches: readonly Shape[]): readonly string[] {
  return matches.flatMap(({ sourceNamespace }) => text(sourceNamespace) ?? []);
}
