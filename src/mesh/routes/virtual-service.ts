import { readDestination } from './destinations';
import { HttpRules } from './http-routes';
import { MESH_GATEWAY, Route, RouteAnswer, RoutedCall, ToldDestination } from './route';
import { tcpAnswer } from './tcp-routes';
import { tlsAnswer } from './tls-routes';
import { fullHost } from '../names/hosts';
import { isEmpty } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { isShape, labelsOf, Shape, shapes, text, texts } from '../objects/shape';

/** A VirtualService as sidecars see it; undefined for one that is for gateways only, or a delegate. */
export function virtualServiceRoute(object: MeshObject): Route | undefined {
  const { spec, namespace } = object;
  const hosts = texts(spec.hosts).map((host) => fullHost(host, namespace).toLowerCase());
  const gateways = texts(spec.gateways);
  if (hosts.length === 0 || (gateways.length > 0 && !gateways.includes(MESH_GATEWAY))) return undefined;
  const matches = ['http', 'tcp', 'tls'].flatMap((kind) => shapes(spec[kind])).flatMap(({ match }) => shapes(match));
  const http = new HttpRules(shapes(spec.http), namespace);
  return {
    object,
    hosts,
    exportTo: texts(spec.exportTo),
    sourceLabels: matches.map((match) => labelsOf(match.sourceLabels)).filter((labels) => !isEmpty(labels)),
    sourceNamespaces: callersOf(matches),
    serverNames: shapes(spec.tls).flatMap(({ match }) => shapes(match)).flatMap(({ sniHosts }) => texts(sniHosts)),
    destinations: allDestinations(spec, namespace),
    answer: (call) => (call.kind === 'http' ? http.answer(call) : layer4Answer(spec, namespace, call)),
  };
}

function layer4Answer(spec: Shape, namespace: string, call: RoutedCall): RouteAnswer | undefined {
  return call.kind === 'tls' ? tlsAnswer(shapes(spec.tls), namespace, call) : tcpAnswer(shapes(spec.tcp), namespace, call);
}

function allDestinations(spec: Shape, namespace: string): readonly ToldDestination[] {
  return ['http', 'tcp', 'tls'].flatMap((kind) => shapes(spec[kind]).flatMap(({ match, route, mirror, mirrors }) => {
    const callers = kind === 'http' ? callersOf(shapes(match)) : [];
    const named = [...shapes(route).map(({ destination }) => destination), ...shapes(mirrors).map(({ destination }) => destination), mirror];
    return named.filter(isShape).map((destination) => ({ ...readDestination(destination, namespace), callers }));
  }));
}

function callersOf(matches: readonly Shape[]): readonly string[] {
  return matches.flatMap(({ sourceNamespace }) => text(sourceNamespace) ?? []);
}
