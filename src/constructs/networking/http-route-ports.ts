import { NamedPorts, serviceIn } from './destination-host';
import { readPortsOf } from './service-ports';
import { withArticle } from '../../findings/refusal';
import { AppCheck } from '../app-check';
import { Refuse } from '../refuse';

/** The ports of a Service that a route of sidecars names. */
export interface RoutedPorts extends Pick<NamedPorts, 'service' | 'host'> {
  readonly refuse: Refuse;
  /** Those by which its rules match. */
  readonly matched: readonly number[];
  /** The one that it sends requests to. */
  readonly sentTo?: number;
}

/** Rejects routes for ports of the mesh's Services on which Istio doesn't read HTTP, so that they would have no effect. */
export const httpPorts = new AppCheck<RoutedPorts>((members, mesh) => members.flatMap(({ refuse, matched, sentTo, ...named }) => {
  const service = serviceIn(mesh, named);
  if (!service) return [];
  const ports = readPortsOf(service);
  const without = (number: number) => ports.find((port) => port.number === number && !port.isHttp);
  const refused = (field: string, actual: string, expected: string) => refuse({
    code: 'API841',
    field,
    actual,
    expected,
    because: 'Istio applies HTTP routes only to ports with HTTP',
    fix: 'give the port a name such as \'http-web\' or an appProtocol if it has HTTP, or remove the route',
  }).message;
  const { kind, name } = service;
  if (ports.length > 0 && ports.every(({ isHttp }) => !isHttp)) {
    const shown = ports.map((port) => port.shown).join(', ');
    return [refused('hosts', `that of ${kind} ${name}, with port ${shown}`, `${withArticle(kind)} that has a port with HTTP`)];
  }
  const used = [
    ...[...new Set(matched)].map((number) => ({ field: 'http.match.port', port: without(number) })),
    ...sentTo === undefined ? [] : [{ field: 'http.route.destination.port', port: without(sentTo) }],
  ];
  return used.flatMap(({ field, port }) => (
    port ? [refused(field, `port ${port.shown} of ${kind} ${name}`, 'a port with HTTP')] : []));
}));
