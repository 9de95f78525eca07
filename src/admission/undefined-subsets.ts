import { Objection } from './objection';
import { mapping } from '../manifests/mapping';

/** A VirtualService's destination with a subset, and its path. */
interface Destination {
  readonly field: Objection['field'];
  readonly host: string;
  readonly subset: string;
}

/**
 * The routes to subsets that no DestinationRule among the same objects defines: requests routed there fail with 503.
 * No API server rejects them. If there is no rule for the host at all, it most likely exists elsewhere.
 */
export class UndefinedSubsets {
  private readonly defined = new Map<string, Set<unknown>>();
  private readonly wildcards = new Map<string, Set<unknown>>();

  /** @param clusterDomain the DNS suffix of the cluster's services */
  public constructor(objects: Iterable<unknown>, private readonly clusterDomain = 'cluster.local') {
    for (const object of objects) {
      if (isOf(object, 'DestinationRule')) this.define(mapping(object));
    }
  }

  /** The faults in an object's routes; none for any kind but VirtualService. */
  public objections(object: unknown): Objection[] {
    if (!isOf(object, 'VirtualService')) return [];
    const { metadata, spec } = mapping(object);
    const { namespace } = mapping(metadata);
    return destinationsOf(mapping(spec))
      .filter(({ host, subset }) => !this.isDefined(this.fullName(host, namespace), subset))
      .map((destination) => undefinedSubset(destination, this.defined.has(this.fullName(destination.host, namespace))));
  }

  private define({ metadata, spec }: { readonly [field: string]: unknown }): void {
    const { host, subsets: written } = mapping(spec);
    if (typeof host !== 'string') return;
    const names = host.startsWith('*') ? this.wildcards : this.defined;
    const key = host.startsWith('*') ? host.slice(1) : this.fullName(host, mapping(metadata).namespace);
    const subsets = names.get(key) ?? new Set<unknown>();
    for (const subset of listOf(written)) subsets.add(mapping(subset).name);
    names.set(key, subsets);
  }

  /** A short name is a Service in the object's own namespace. */
  private fullName(host: string, namespace: unknown): string {
    return host.includes('.') ? host : `${host}.${typeof namespace === 'string' ? namespace : 'default'}.svc.${this.clusterDomain}`;
  }

  private isDefined(host: string, subset: string): boolean {
    if (this.defined.get(host)?.has(subset)) return true;
    return [...this.wildcards].some(([suffix, subsets]) => host.endsWith(suffix) && subsets.has(subset));
  }
}

function isOf(object: unknown, kind: string): boolean {
  const { apiVersion, kind: own } = mapping(object);
  return own === kind && typeof apiVersion === 'string' && apiVersion.startsWith('networking.istio.io/');
}

function destinationsOf(spec: { readonly [field: string]: unknown }): Destination[] {
  return ['http', 'tls', 'tcp'].flatMap((protocol) => listOf(spec[protocol]).map(mapping).flatMap((route, index) => {
    const at = (destination: unknown, ...steps: Objection['field']): Destination[] => {
      const { host, subset } = mapping(destination);
      if (typeof host !== 'string' || typeof subset !== 'string' || subset === '') return [];
      return [{ field: ['spec', protocol, index, ...steps, 'subset'], host, subset }];
    };
    const listed = (key: string) => listOf(route[key]).flatMap((entry, place) => at(mapping(entry).destination, key, place, 'destination'));
    return [...listed('route'), ...at(route.mirror, 'mirror'), ...listed('mirrors')];
  }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function undefinedSubset({ field, host, subset }: Destination, hasRule: boolean): Objection {
  return {
    code: 'ADMIT801',
    severity: hasRule ? 'warning' : 'info',
    field,
    actual: `'${subset}', which no DestinationRule here defines for ${host}`,
    expected: 'a subset that a DestinationRule of the host defines',
    because: 'requests routed to an undefined subset fail with 503',
    fix: `add '${subset}' with its labels to subsets of a DestinationRule for ${host}`,
  };
}
