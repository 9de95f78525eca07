import { namedDestinations } from './destinations';
import { HttpRules } from './http-routes';
import { layer4Rules } from './layer4-rule';
import { MESH_GATEWAY, Route, ToldDestination } from './route';
import { tcpAnswer } from './tcp-routes';
import { tlsAnswer } from './tls-routes';
import { fullHost } from '../names/hosts';
import { isEmpty } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { indexedShapes, labelsOf, Shape, shapes, text, texts } from '../objects/shape';

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
  const http = new HttpRules(spec.http, object);
  const [tcp, tls] = [layer4Rules(spec.tcp, 'tcp', object), layer4Rules(spec.tls, 'tls', object)];
  return {
    object,
    hosts,
    exportTo: texts(spec.exportTo),
    sourceLabels: matches.map((match) => labelsOf(match.sourceLabels)).filter((labels) => !isEmpty(labels)),
    sourceNamespaces: callersOf(matches),
    serverNames: shapes(spec.tls).flatMap(({ match }) => shapes(match)).flatMap(({ sniHosts }) => texts(sniHosts)),
    destinations: allDestinations(object),
    answer: (call) => {
      if (call.kind === 'http') return http.answer(call);
      return call.kind === 'tls' ? tlsAnswer(tls, call) : tcpAnswer(tcp, call);
    },
  };
}

function allDestinations(object: MeshObject): readonly ToldDestination[] {
  const { spec } = object;
  return ['http', 'tcp', 'tls'].flatMap((kind) => indexedShapes(spec[kind]).flatMap(([index, rule]) => {
    const callers = kind === 'http' ? callersOf(shapes(rule.match)) : [];
    return namedDestinations(rule, { object, field: ['spec', kind, index] }).map((destination) => ({ ...destination, callers }));
  }));
}

function callersOf(matches: readonly Shape[]): readonly string[] {
  return matches.flatMap(({ sourceNamespace }) => text(sourceNamespace) ?? []);
}
