import { fullHost } from '../names/hosts';
import { Labels } from '../names/selector';
import { MeshObject } from '../objects/mesh-object';
import { integer, isShape, labelsOf, Shape, shape, shapes, text, texts } from '../objects/shape';
import { httpAnswer } from './http-routes';
import { Destination, Route, RouteAnswer, RoutedCall } from './route';
import { tcpAnswer } from './tcp-routes';
import { tlsAnswer } from './tls-routes';

/** The gateway that stands for all sidecars. */
export const MESH_GATEWAY = 'mesh';

/** A VirtualService as sidecars see it; undefined for one that is for gateways only, or a delegate. */
export function virtualServiceRoute(object: MeshObject): Route | undefined {
  const { spec, namespace } = object;
  const hosts = texts(spec.hosts).map((host) => fullHost(host, namespace).toLowerCase());
  const gateways = texts(spec.gateways);
  if (hosts.length === 0 || (gateways.length > 0 && !gateways.includes(MESH_GATEWAY))) return undefined;
  const matches = ['http', 'tcp', 'tls'].flatMap((kind) => shapes(spec[kind])).flatMap(({ match }) => shapes(match));
  return {
    object,
    hosts,
    exportTo: texts(spec.exportTo),
    sourceLabels: matches.map((match) => labelsOf(match.sourceLabels)).filter((labels) => Object.keys(labels).length > 0),
    sourceNamespaces: matches.flatMap(({ sourceNamespace }) => text(sourceNamespace) ?? []),
    destinations: allDestinations(spec, namespace),
    answer: (call) => answer(spec, namespace, call),
  };
}

function answer(spec: Shape, namespace: string, call: RoutedCall): RouteAnswer | undefined {
  switch (call.kind) {
    case 'http': return httpAnswer(shapes(spec.http), namespace, call);
    case 'tls': return tlsAnswer(shapes(spec.tls), namespace, call);
    default: return tcpAnswer(shapes(spec.tcp), namespace, call);
  }
}

/** Weight 0 reaches nothing, unless there is no other destination. */
export function weightedDestinations(route: unknown, namespace: string): readonly Destination[] {
  const all = shapes(route);
  const reached = all.length === 1 ? all : all.filter(({ weight }) => (integer(weight) ?? 0) > 0);
  return reached.flatMap(({ destination }) => (isShape(destination) ? readDestination(destination, namespace) : []));
}

function readDestination(destination: Shape, namespace: string): Destination {
  return {
    host: fullHost(text(destination.host) ?? '', namespace),
    port: integer(shape(destination.port).number),
    subset: text(destination.subset),
  };
}

function allDestinations(spec: Shape, namespace: string): readonly Destination[] {
  const found: Destination[] = [];
  const add = (destination: unknown): void => void (isShape(destination) && found.push(readDestination(destination, namespace)));
  for (const kind of ['http', 'tcp', 'tls']) {
    for (const { route, mirror, mirrors } of shapes(spec[kind])) {
      for (const { destination } of shapes(route)) add(destination);
      for (const { destination } of shapes(mirrors)) add(destination);
      add(mirror);
    }
  }
  return found;
}

/** Whether a condition that the client itself must meet holds: its gateway, labels, namespace and the port called. */
export function concernsClient(match: Shape, { client, port }: RoutedCall): boolean {
  const gateways = texts(match.gateways);
  const number = integer(match.port) ?? 0;
  return (gateways.length === 0 || gateways.includes(MESH_GATEWAY))
    && hasLabels(client.labels, labelsOf(match.sourceLabels))
    && (number === 0 || number === port)
    && (text(match.sourceNamespace) ?? client.namespace) === client.namespace;
}

export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
