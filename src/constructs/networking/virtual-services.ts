import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { clusterDomainOf, fullHost } from './destination-host';
import { audienceOf } from './export-to';
import { refusalMessage } from '../../findings/refusal';
import { AppCheck } from '../app-check';
import { foreignObjects, textsIn } from '../foreign-objects';

/** A VirtualService as far as others can collide with it. */
interface Routes {
  readonly apiObject: ApiObject;
  readonly hosts: readonly string[];
  readonly namespace?: string;
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
}

/**
 * The VirtualServices of an app, ours and others', held against each other at synth.
 *
 * For one host and gateway a proxy takes the oldest VirtualService that is private to its namespace, else the
 * oldest that is exported to it by name, else the oldest public one. So only those of one kind collide, the
 * public ones in whatever namespaces.
 */
export const virtualServices = new AppCheck<Routes>((own, root) => {
  const errors: string[] = [];
  const taken = new Map<string, Routes>();
  for (const routes of foreignRoutes(root, own)) for (const key of keysOf(routes)) taken.set(key, routes);
  for (const routes of own) {
    const keys = keysOf(routes);
    const rival = keys.map((key) => taken.get(key)).find(Boolean);
    if (rival) errors.push(collision(routes, rival));
    for (const key of keys) if (!taken.has(key)) taken.set(key, routes);
  }
  return errors;
});

function keysOf({ hosts, namespace = '', gateways = [], exportTo }: Routes): string[] {
  const audience = audienceOf(exportTo, namespace);
  const readers = audience ? [...audience].map((reader) => (reader === namespace ? `private to ${reader}` : `exported to ${reader}`)) : ['public'];
  const proxies = gateways.length === 0 ? ['mesh'] : gateways.map((name) => (name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`));
  return hosts.flatMap((host) => proxies.flatMap((proxy) => readers.map((reader) => JSON.stringify([host, proxy, reader]))));
}

function collision({ apiObject, namespace, hosts }: Routes, rival: Routes): string {
  return refusalMessage({
    code: 'MTLS039',
    kind: apiObject.kind,
    name: `${namespace}/${apiObject.name}`,
    path: apiObject.node.path,
    field: 'hosts',
    actual: `'${hosts.join("', '")}', as in VirtualService '${[rival.namespace, rival.apiObject.name].filter(Boolean).join('/')}' (${rival.apiObject.node.path}), for the same clients`,
    expected: 'one VirtualService for a host and its clients',
    because: 'Istio takes the routes of the oldest and ignores the others without a word',
    fix: 'merge the two',
  });
}

function foreignRoutes(root: IConstruct, own: readonly Routes[]): Routes[] {
  return foreignObjects(root, own, { group: 'networking.istio.io', kind: 'VirtualService' }).map(({ apiObject, namespace, spec }) => ({
    apiObject,
    hosts: textsIn(spec?.hosts).map((host) => fullHost(host, namespace ?? '', clusterDomainOf(root))),
    namespace,
    gateways: textsIn(spec?.gateways),
    exportTo: textsIn(spec?.exportTo),
  }));
}
