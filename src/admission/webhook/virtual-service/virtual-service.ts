import { objectToNoAction } from './actions';
import { judgeDelegate } from './delegate';
import { judgeHosts } from './hosts';
import { judgeHttpRoute } from './http-route';
import { judgeTcpRoute, judgeTlsRoute } from './layer4-routes';
import { judgeClaims } from './match';
import { isForGatewaysAlone } from './scope';
import { warnOfUnreachable } from './unreachable';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeExportTo } from '../values/export-to';
import { judgeGatewayNames } from '../values/gateway-name';

const ROUTE_SEMANTICS = 'internal.istio.io/route-semantics';

/** What istiod's webhook has against a VirtualService. */
export function virtualServiceObjections(object: any): Objection[] {
  const objections = new Objections();
  const spec = objections.at('spec');
  const service = object.spec ?? {};
  const fromGatewayApi = object.metadata?.annotations?.[ROUTE_SEMANTICS] === 'gateway';
  judgeDelegate(spec, service);
  judgeGatewayNames(spec.at('gateways'), service.gateways, fromGatewayApi);
  judgeHosts(spec.at('hosts'), service);
  if (!['http', 'tcp', 'tls'].some((field) => service[field]?.length > 0)) objectToNoAction(spec, 'http, tcp or tls');
  judgeHttpRoutes(spec.at('http'), service, fromGatewayApi);
  routesOf(service, 'tls').forEach((route, index) => judgeTlsRoute(spec.at('tls', index), route, service, fromGatewayApi));
  routesOf(service, 'tcp').forEach((route, index) => judgeTcpRoute(spec.at('tcp', index), route, fromGatewayApi));
  judgeExportTo(spec.at('exportTo'), service.exportTo, { namespace: object.metadata?.namespace ?? '' });
  for (const field of ['http', 'tcp', 'tls']) warnOfUnreachable(spec.at(field), routesOf(service, field));
  return [...objections.all];
}

function judgeHttpRoutes(at: Objections, service: any, fromGatewayApi: boolean): void {
  const inDelegate = !(service.hosts?.length > 0);
  routesOf(service, 'http').forEach((route, index) => {
    judgeHttpRoute(at.at(index), route, { inDelegate, fromGatewayApi });
    if (isForGatewaysAlone(service)) return;
    (route.match ?? []).forEach((match: any, place: number) => judgeClaims(at.at(index, 'match', place), match));
  });
}

function routesOf(service: any, field: string): readonly any[] {
  return service[field] ?? [];
}
