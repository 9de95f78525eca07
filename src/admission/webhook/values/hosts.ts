import { shown } from '../../../findings/safe-text';
import { isGoIpAddress, parseGoInteger } from '../../../manifests/go-values';
import { Objections } from '../../objection';

const LONGEST_NAME = 255;

/** A full DNS name without a wildcard; a single label or a trailing dot is accepted. */
export function isFullDnsName(host: string): boolean {
  return hasLength(host) && areDnsLabels(host);
}

/** A DNS name whose first label may be `*`, `*-a` or `*a`. */
export function isWildcardHost(host: string): boolean {
  if (!hasLength(host)) return false;
  const dot = host.indexOf('.');
  if (dot < 0) return isIstioWildcardLabel(host);
  return isIstioWildcardLabel(host.slice(0, dot)) && areDnsLabels(host.slice(dot + 1));
}

/** Rejects a host that isn't a DNS name, with or without a leading wildcard. */
export function judgeWildcardHost(at: Objections, host: string): void {
  if (isWildcardHost(host)) return;
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'a DNS name, optionally with a wildcard as its first label, of at most 255 characters',
    because: 'no service can be found under it',
    fix: 'write a host such as \'reviews.prod.svc.cluster.local\' or \'*.prod.svc.cluster.local\'',
  });
}

/** Rejects a host that isn't a DNS name without a wildcard. */
export function judgeDnsName(at: Objections, host: string): void {
  if (!isFullDnsName(host)) objectToDnsName(at, host);
}

export function objectToDnsName(at: Objections, host: string): void {
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'a DNS name without wildcard, of at most 255 characters',
    because: 'it is looked up literally',
    fix: 'write a name such as \'reviews.prod.svc.cluster.local\'',
  });
}

/** Warns of a wildcard that isn't a whole label, such as `*-reviews.prod`. */
export function judgePartialWildcard(at: Objections, host: string): void {
  if (!isPartialWildcard(host)) return;
  at.warning({
    code: 'ADMIT402',
    actual: shown(host),
    expected: 'a wildcard that is the whole first label',
    because: 'Istio matches whole labels only',
    fix: `write '*.${host.slice(host.indexOf('.') + 1)}' or list the hosts individually`,
  });
}

function isPartialWildcard(host: string): boolean {
  return host.includes('*') && host !== '*' && !host.startsWith('*.');
}

function hasLength(host: string): boolean {
  return host !== '' && Buffer.byteLength(host) <= LONGEST_NAME;
}

function areDnsLabels(domain: string): boolean {
  const labels = domain.split('.');
  if (parseGoInteger(labels[labels.length - 1]) !== undefined) return false;
  return labels.every((label, index) => isIstioDnsLabel(label) || (label === '' && index === labels.length - 1));
}

/** The hosts that an entry `namespace/host` of a Gateway or a Sidecar may name. */
interface ConfigHosts {
  /** A Gateway may omit the namespace and may name IP addresses; a Sidecar may exclude a namespace with `~`. */
  readonly of: 'Gateway' | 'Sidecar';
  /** Converted from a Gateway of the Gateway API: `~` for no namespace at all. */
  readonly converted?: boolean;
}

/** Rejects an entry of `hosts` that isn't `namespace/host` or, for a Gateway, `host`. */
export function judgeConfigHost(at: Objections, entry: string, hosts: ConfigHosts): void {
  const slash = entry.indexOf('/');
  const host = entry.slice(slash + 1);
  if (slash < 0 && hosts.of === 'Sidecar') {
    objectToEntry(at, entry, 'namespace/host', `write '*/${entry}' for every namespace or './${entry}' for the own one`);
  } else if (slash >= 0 && !isNamespace(entry.slice(0, slash), hosts)) {
    objectToEntry(at, entry, 'a namespace, \'.\' or \'*\' before the \'/\'',
      `write '*/${host}' for every namespace or './${host}' for the own one`);
  } else {
    judgeHost(at, entry, host, hosts);
  }
}

function isNamespace(namespace: string, { of, converted }: ConfigHosts): boolean {
  if (of === 'Gateway' && namespace === '~') return converted === true;
  const name = of === 'Sidecar' ? namespace.replace(/^~/, '') : namespace;
  return name === '*' || name === '.' || isIstioDnsLabel(name) || (name === '' && namespace === '~');
}

function judgeHost(at: Objections, entry: string, host: string, { of }: ConfigHosts): void {
  if (isPartialWildcard(host)) {
    objectToEntry(at, entry, 'a wildcard that is the whole first label',
      `write '*.${host.slice(host.indexOf('.') + 1)}' or list the hosts individually`);
  } else if (host !== '*' && !host.includes('.')) {
    objectToEntry(at, entry, 'a full name with dots, or \'*\'', `write, for example, '${host || 'reviews'}.prod.svc.cluster.local'`);
  } else if (!isWildcardHost(host) && (of === 'Sidecar' || !isGoIpAddress(host))) {
    objectToEntry(at, entry, of === 'Sidecar' ? 'a DNS name' : 'a DNS name or an IP address',
      'write a host such as \'bookinfo.example.com\' or \'*.example.com\'');
  }
}

function objectToEntry(at: Objections, entry: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT475', actual: shown(entry), expected, because: 'no host would match the entry', fix });
}

/**
 * Rejects gateways that aren't `namespace/name`, and warns of names such as `name.namespace`. Like istiod, stops at
 * the first one without a namespace; names from the Gateway API have another form.
 */
export function judgeGatewayNames(at: Objections, gateways: readonly string[] | undefined, fromGatewayApi = false): void {
  for (const [index, gateway] of (gateways ?? []).entries()) {
    const place = at.at(index);
    const slash = gateway.indexOf('/');
    if (slash < 0) {
      if (gateway.includes('.')) warnOfLegacyName(place, gateway);
      return judgeDnsName(place, gateway);
    }
    const name = gateway.slice(slash + 1);
    if (!isIstioDnsLabel(gateway.slice(0, slash)) || name === '' || (!fromGatewayApi && !isIstioDnsLabel(name))) {
      objectToName(place, gateway);
    }
  }
}

function objectToName(at: Objections, gateway: string): void {
  at.error({
    code: 'ADMIT434',
    actual: shown(gateway),
    expected: 'a gateway as namespace/name, both DNS labels',
    because: 'no Gateway has such a name',
    fix: 'write the Gateway\'s namespace, a slash and its name',
  });
}

function warnOfLegacyName(at: Objections, gateway: string): void {
  const [name, namespace] = gateway.split('.');
  at.warning({
    code: 'ADMIT435',
    actual: shown(gateway),
    expected: 'a gateway as namespace/name',
    because: 'the form with a dot is a legacy one',
    fix: `write '${namespace}/${name}'`,
  });
}

/** Whether two hosts, each perhaps with a leading wildcard, have a name in common: Istio's `host.Name.Matches`. */
export function hostsOverlap(one: string, other: string): boolean {
  if (!isWildcarded(one) && !isWildcarded(other)) return one === other;
  if (!isWildcarded(other)) return other.endsWith(one.slice(1));
  if (!isWildcarded(one)) return one.endsWith(other.slice(1));
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.slice(1).endsWith(short.slice(1));
}

/** Whether every name of one host is a name of the other: Istio's `host.Name.SubsetOf`. */
export function isHostWithin(host: string, other: string): boolean {
  if (!isWildcarded(other)) return host === other;
  if (!isWildcarded(host)) return host.endsWith(other.slice(1));
  return host.length >= other.length && host.slice(1).endsWith(other.slice(1));
}

export function isWildcarded(host: string): boolean {
  return host.startsWith('*');
}

interface Hosts {
  readonly names: ReadonlySet<string>;
  readonly wildcards: readonly string[];
}

const known = new WeakMap<readonly string[], Hosts>();

/** Whether every name of a host is covered by a list, which may be long and is asked often. */
export function isHostWithinAny(host: string, list: readonly string[]): boolean {
  let hosts = known.get(list);
  if (!hosts) known.set(list, hosts = { names: new Set(list.filter((one) => !isWildcarded(one))), wildcards: list.filter(isWildcarded) });
  return hosts.names.has(host) || hosts.wildcards.some((wildcard) => isHostWithin(host, wildcard));
}

const LONGEST_LABEL = 63;
const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const WILDCARD_LABEL = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${LABEL})$`);

/** Whether istiod accepts it as one DNS label, by Istio's `labels.IsDNS1123Label`; unlike Kubernetes, it accepts capitals. */
export function isIstioDnsLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && DNS_LABEL.test(text);
}

/** A DNS label, `*`, or a label with a leading `*` or `*-`. */
function isIstioWildcardLabel(text: string): boolean {
  return text.length <= LONGEST_LABEL && WILDCARD_LABEL.test(text);
}
