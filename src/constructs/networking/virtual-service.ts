import { ApiObjectProps } from 'cdk8s';
import { IConstruct } from 'constructs';
import { askedShortHost, shortHost } from './destination-host';
import * as networking from '../../../imports/networking.istio.io';
import { MeshFacts } from '../../integration/mesh-facts';
import { Refuse } from '../refuse';

/** What a VirtualService for one host says beside its routes. */
interface VirtualServiceProps {
  readonly name?: string;
  readonly namespace: string;
  /** As it is to be written. */
  readonly host: string;
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
}

/** A VirtualService as properties of a plain ApiObject. */
export function virtualService({ name, namespace, host, gateways, exportTo }: VirtualServiceProps, http: readonly object[]): ApiObjectProps {
  return {
    ...networking.VirtualService.GVK,
    metadata: name ? { namespace, name } : { namespace },
    spec: { hosts: [host], gateways, exportTo, http },
  } as ApiObjectProps;
}

/** A route's own host. */
interface RoutedHost {
  /** In full. */
  readonly host: string;
  /** That of the route. */
  readonly namespace: string;
  /** Whether the route has it as a bare name. */
  readonly isShort: boolean;
}

/** How a route writes hosts. Copies of requests may go to other ones, which have no bare name there if they are of another namespace. */
export function hostWriter(scope: IConstruct, { host: own, namespace, isShort }: RoutedHost, refuse: Refuse): (host: string) => string {
  if (!isShort) return (host) => host;
  const clusterDomain = MeshFacts.of(scope).shared('clusterDomain');
  const short = askedShortHost(own, namespace, clusterDomain, refuse);
  return (host) => (host === own ? short : shortHost(host, namespace, clusterDomain) ?? host);
}

/** Those who find a Destination, told from a route's namespace; undefined for all. */
export function audienceFrom(namespace: string, audience: ReadonlySet<string> | undefined): string[] | undefined {
  return audience && [...audience].map((reader) => (reader === namespace ? '.' : reader));
}
