import { checkHost } from './destination-host';
import { isGoIpAddress } from '../../admission/go-values';
import { checkWord, Refuse } from '../refuse';

/** How sidecars find the addresses of an external host. */
export enum ExternalResolution {
  /** They don't: a call goes to the address that the application looked up itself. */
  NONE = 'NONE',
  /** `endpoints` are the addresses. */
  STATIC = 'STATIC',
  /** They look up the host, or the names in `endpoints`, and use all addresses. */
  DNS = 'DNS',
  /** The same, with one address at a time for new connections. */
  DNS_ROUND_ROBIN = 'DNS_ROUND_ROBIN',
  /** They look up the host of each request: for wildcards. */
  DYNAMIC_DNS = 'DYNAMIC_DNS',
}

/** Which hosts are meant, and where they are. */
export interface ExternalHosts {
  readonly hosts: readonly string[];
  readonly resolution?: ExternalResolution;
  readonly endpoints?: readonly string[];
}

/** Refuses hosts that no client could call by, or that would be looked up literally. */
export function checkExternalHosts({ hosts }: ExternalHosts, refuse: Refuse): void {
  const list = Array.isArray(hosts) ? hosts as readonly string[] : [];
  const wrong = (actual: string, because: string, fix: string) => (
    refuse({ code: 'MTLS820', field: 'hosts', actual, expected: 'full host names, each once', because, fix }));
  if (list.length === 0) throw wrong('empty', 'istiod refuses a ServiceEntry without hosts', "name the host, such as 'api.bank.example'");
  list.forEach((host, index) => {
    checkHost(String(host), refuse);
    if (!host.includes('.')) throw wrong(`'${host}'`, host === '*' ? 'the entry would stand for every host there is' : 'a name without a dot means a Service elsewhere in Istio', 'write the full name');
    if (list.indexOf(host) < index) throw wrong(`'${host}' twice`, 'it would be one host with two rules', 'remove one');
  });
}

/** How addresses are found unless somebody says otherwise. */
export function usualResolution(hosts: readonly string[], endpoints: readonly string[]): ExternalResolution {
  if (endpoints.length > 0) return endpoints.every(isGoIpAddress) ? ExternalResolution.STATIC : ExternalResolution.DNS;
  return hosts.some((host) => host.startsWith('*')) ? ExternalResolution.NONE : ExternalResolution.DNS;
}

/** The resolution that is meant; refuses one that doesn't go with hosts or endpoints. */
export function resolutionOf({ hosts, resolution, endpoints = [] }: ExternalHosts, refuse: Refuse): ExternalResolution {
  const wildcard = hosts.find((host) => host.startsWith('*'));
  const named = endpoints.some((address) => !isGoIpAddress(address));
  const found = resolution ?? usualResolution(hosts, endpoints);
  checkWord('resolution', found, ExternalResolution, refuse);
  const wrong = (because: string, expected: string, fix: string) => (
    refuse({ code: 'MTLS823', field: 'resolution', actual: found, expected, because, fix }));
  if (endpoints.length > 0 && (found === ExternalResolution.NONE || found === ExternalResolution.DYNAMIC_DNS)) {
    throw wrong("'endpoints' say where calls go", 'STATIC, DNS or DNS_ROUND_ROBIN', "leave out 'endpoints' or 'resolution'");
  }
  if (found === ExternalResolution.STATIC && (endpoints.length === 0 || named)) {
    throw wrong('nothing is looked up', "IP addresses in 'endpoints' with STATIC", "give the addresses in 'endpoints', or use DNS");
  }
  if (found === ExternalResolution.DYNAMIC_DNS && hosts.some((host) => !host.startsWith('*'))) {
    throw wrong('istiod refuses it for a name without a wildcard', 'DNS', "leave out 'resolution'");
  }
  if (wildcard !== undefined && endpoints.length === 0 && found.startsWith('DNS')) {
    throw wrong(`'${wildcard}' can't be looked up`, "NONE, DYNAMIC_DNS, or 'endpoints'", "leave out 'resolution', or name the hosts one by one");
  }
  return found;
}
