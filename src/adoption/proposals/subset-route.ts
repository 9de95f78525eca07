import { numberOf, Proposal, textList, textOf } from './proposal';
import { Mapping, mapping, mappings } from '../../manifests/mapping';
import { KnownFields } from '../comparison';
import { Call } from '../expression';

/** What of a VirtualService's spec is adopted. */
export const ROUTE_FIELDS: KnownFields = {
  hosts: true,
  gateways: true,
  exportTo: true,
  http: [{ route: [{ destination: { host: true, subset: true, port: { number: true } }, weight: true }] }],
};

/** A Destination that a route may lead to. */
export interface KnownDestination {
  readonly namespace: string;
  readonly host: string;
  readonly subsets: readonly string[];
  /** The name of its variable. */
  readonly variable: string;
}

/** The Destination that a DestinationRule is, if a route can lead to it. */
export function knownDestination({ metadata, spec }: Mapping, variable: string): KnownDestination | undefined {
  const { host, subsets, workloadSelector } = mapping(spec);
  const { namespace } = mapping(metadata);
  if (typeof host !== 'string' || typeof namespace !== 'string' || workloadSelector !== undefined) return undefined;
  return { namespace, host, subsets: mappings(subsets).flatMap(({ name }) => textOf(name) ?? []), variable };
}

/**
 * A VirtualService that does nothing else than to send the requests of a host to its subsets.
 *
 * @returns a text: why it is none
 */
export function routeProposal({ metadata, spec }: Mapping, destinations: readonly KnownDestination[]): Proposal | string {
  const { namespace, name } = mapping(metadata);
  const { hosts, gateways, exportTo, http } = mapping(spec);
  const [host, ...otherHosts] = textList(hosts) ?? [];
  const [route, ...otherRoutes] = mappings(mappings(http)[0]?.route).map((entry) => ({ entry, to: mapping(entry.destination) }));
  if (host === undefined || otherHosts.length > 0 || mappings(http).length !== 1) return 'it has not one host and one route, and others aren\'t adopted';
  if (route === undefined) return 'it leads to no subset, as a SubsetRoute does';
  const routes = [route, ...otherRoutes];
  const names = routes.map(({ to }) => textOf(to.subset));
  if (names.includes(undefined)) return 'it leads to more than subsets, to which alone a SubsetRoute does';
  const able = destinations.filter((one) => one.host === host && names.every((subset) => one.subsets.includes(subset!)));
  const destination = able.find((one) => one.namespace === namespace) ?? able[0];
  if (!destination) return `there is no Destination of its host with ${names.length === 1 ? 'its subset' : 'its subsets'}`;
  return {
    construct: 'SubsetRoute',
    props: {
      name: textOf(name),
      namespace: destination.namespace === namespace ? undefined : textOf(namespace),
      to: routes.map(({ entry }, index) => ({ subset: Call.of(`${destination.variable}.subset`, names[index]), weight: numberOf(entry.weight) })),
      port: numberOf(mapping(route.to.port).number),
      gateways: textList(gateways),
      exportTo: textList(exportTo),
    },
  };
}
