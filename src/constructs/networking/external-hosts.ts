import { checkHost } from './destination-host';
import { isGoIpAddress } from '../../manifests/go-values';
import { checkWord, Refuse } from '../refuse';

/** How sidecars find the addresses of an external host. */
export enum ExternalResolution {
  /** They don't: calls go to the address that the application resolved. */
  NONE = 'NONE',
  /** They use the IP addresses in `endpoints`. */
  STATIC = 'STATIC',
  /** They resolve the host, or the names in `endpoints`, and use all addresses. */
  DNS = 'DNS',
  /** The same as DNS, with one address at a time for new connections. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',
  /** They resolve the host of each request: for wildcards. */
  DYNAMIC_DNS = 'DYNAMIC_DNS',
}

/** External hosts, and how to find their addresses. */
export interface ExternalHosts {
  readonly hosts: readonly string[];
  readonly resolution?: ExternalResolution;
  readonly endpoints?: readonly string[];
}

/** Rejects hosts that no client can call, or that Istio would read literally. */
export function checkExternalHosts({ hosts }: ExternalHosts, refuse: Refuse): void {
  const list = Array.isArray(hosts) ? hosts as readonly string[] : [];
  const wrong = (actual: string, because: string, fix: string) => (
    refuse({ code: 'API820', field: 'hosts', actual, expected: 'fully qualified host names, each once', because, fix }));
  if (list.length === 0) throw wrong('empty', 'istiod rejects a ServiceEntry without hosts', "pass the host, such as 'api.bank.example'");
  list.forEach((host, index) => {
    checkHost(String(host), refuse, host);
    if (!host.includes('.')) {
      throw wrong(`'${host}'`, host === '*'
        ? 'the entry would match every host'
        : 'in other objects, Istio reads a name without a dot as a Service', 'pass the fully qualified name');
    }
    if (list.indexOf(host) < index) throw wrong(`'${host}' twice`, 'one host would have two rules', 'remove one');
  });
}

/** The default resolution. */
export function usualResolution(hosts: readonly string[], endpoints: readonly string[]): ExternalResolution {
  if (endpoints.length > 0) return endpoints.every(isGoIpAddress) ? ExternalResolution.STATIC : ExternalResolution.DNS;
  return hosts.some((host) => host.startsWith('*')) ? ExternalResolution.NONE : ExternalResolution.DNS;
}

/** The resolution to emit; rejects one that doesn't fit the hosts or endpoints. */
export function resolutionOf({ hosts, resolution, endpoints = [] }: ExternalHosts, refuse: Refuse): ExternalResolution {
  const wildcard = hosts.find((host) => host.startsWith('*'));
  const named = endpoints.some((address) => !isGoIpAddress(address));
  const found = resolution ?? usualResolution(hosts, endpoints);
  checkWord('resolution', found, ExternalResolution, refuse);
  const wrong = (because: string, expected: string, fix: string) => (
    refuse({ code: 'API823', field: 'resolution', actual: found, expected, because, fix }));
  if (endpoints.length > 0 && (found === ExternalResolution.NONE || found === ExternalResolution.DYNAMIC_DNS)) {
    throw wrong("'endpoints' are the addresses that calls go to", 'STATIC, DNS or DNS_ROUND_ROBIN', "remove 'endpoints' or 'resolution'");
  }
  if (found === ExternalResolution.STATIC && (endpoints.length === 0 || named)) {
    throw wrong('STATIC resolves no names', "IP addresses in 'endpoints' with STATIC", "pass the addresses in 'endpoints', or use DNS");
  }
  if (found === ExternalResolution.DYNAMIC_DNS && hosts.some((host) => !host.startsWith('*'))) {
    throw wrong('istiod rejects it for a name without a wildcard', 'DNS', "remove 'resolution'");
  }
  if (wildcard !== undefined && endpoints.length === 0 && found.startsWith('DNS')) {
    throw wrong(`'${wildcard}' can't be resolved`, "NONE, DYNAMIC_DNS, or 'endpoints'",
      "remove 'resolution', or list the hosts one by one");
  }
  return found;
}
