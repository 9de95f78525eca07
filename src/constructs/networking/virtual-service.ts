import { ApiObjectProps } from 'cdk8s';
import { IConstruct } from 'constructs';
import { askedShortHost, shortHost } from './destination-host';
import * as networking from '../../../imports/networking.istio.io';
import { MeshFacts } from '../../integration/mesh-facts';
import { Refuse } from '../refuse';

/** The fields of a VirtualService for one host, besides its routes. */
interface VirtualServiceProps {
  readonly name?: string;
  readonly namespace: string;
  /** The host as emitted. */
  readonly host: string;
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
}

/** A VirtualService as properties of a plain ApiObject. */
export function virtualService(
  { name, namespace, host, gateways, exportTo }: VirtualServiceProps, http: readonly object[],
): ApiObjectProps {
  return {
    ...networking.VirtualService.GVK,
    metadata: name ? { namespace, name } : { namespace },
    spec: { hosts: [host], gateways, exportTo, http },
  } as ApiObjectProps;
}

/** The host of a route. */
interface RoutedHost {
  /** The fully qualified name. */
  readonly host: string;
  /** The namespace of the route. */
  readonly namespace: string;
  /** Whether the route emits the short name. */
  readonly isShort: boolean;
}

/** How a route emits hosts. Mirrors may be hosts of another namespace, which have no short name there. */
export function hostWriter(scope: IConstruct, { host: own, namespace, isShort }: RoutedHost, refuse: Refuse): (host: string) => string {
  if (!isShort) return (host) => host;
  const clusterDomain = MeshFacts.of(scope).shared('clusterDomain');
  const short = askedShortHost(own, namespace, clusterDomain, refuse);
  return (host) => (host === own ? short : shortHost(host, namespace, clusterDomain) ?? host);
}

/** The namespaces that see a Destination, as an `exportTo` of the route's namespace; undefined for all. */
export function audienceFrom(namespace: string, audience: ReadonlySet<string> | undefined): string[] | undefined {
  return audience && [...audience].map((reader) => (reader === namespace ? '.' : reader));
}
