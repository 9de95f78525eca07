import { isDnsLabel } from './dns-label';
import { isPartialWildcard, isWildcardHost } from './host';
import { isIpAddress } from './ip';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Which hosts a Gateway's or a Sidecar's entry `namespace/host` may name. */
export interface ConfigHosts {
  /** A Gateway may leave out the namespace and may name IP addresses; a Sidecar may exclude a namespace by `~`. */
  readonly of: 'Gateway' | 'Sidecar';
  /** Converted from a Gateway of the Gateway API: `~` for no namespace at all. */
  readonly converted?: boolean;
}

/** Objects to an entry of `hosts` that isn't `namespace/host`, or for a Gateway `host`. */
export function judgeConfigHost(at: Objections, entry: string, hosts: ConfigHosts): void {
  const slash = entry.indexOf('/');
  const host = entry.slice(slash + 1);
  if (slash < 0 && hosts.of === 'Sidecar') {
    objectToEntry(at, entry, 'namespace/host', `write '*/${entry}' for every namespace or './${entry}' for the own one`);
  } else if (slash >= 0 && !isNamespace(entry.slice(0, slash), hosts)) {
    objectToEntry(at, entry, 'a namespace, \'.\' or \'*\' before the \'/\'', `write '*/${host}' for every namespace or './${host}' for the own one`);
  } else {
    judgeHost(at, entry, host, hosts);
  }
}

function isNamespace(namespace: string, { of, converted }: ConfigHosts): boolean {
  if (of === 'Gateway' && namespace === '~') return converted === true;
  const name = of === 'Sidecar' ? namespace.replace(/^~/, '') : namespace;
  return name === '*' || name === '.' || isDnsLabel(name) || (name === '' && namespace === '~');
}

function judgeHost(at: Objections, entry: string, host: string, { of }: ConfigHosts): void {
  if (isPartialWildcard(host)) {
    objectToEntry(at, entry, 'a wildcard that is the whole first label', `write '*.${host.slice(host.indexOf('.') + 1)}' or list the hosts one by one`);
  } else if (host !== '*' && !host.includes('.')) {
    objectToEntry(at, entry, 'a full name with dots, or \'*\'', `write for example '${host || 'reviews'}.prod.svc.cluster.local'`);
  } else if (!isWildcardHost(host) && (of === 'Sidecar' || !isIpAddress(host))) {
    objectToEntry(at, entry, of === 'Sidecar' ? 'a DNS name' : 'a DNS name or an IP address', 'write a host such as \'bookinfo.example.com\' or \'*.example.com\'');
  }
}

function objectToEntry(at: Objections, entry: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT475', actual: shown(entry), expected, because: 'no host would match the entry', fix });
}
