import { isHeadless, Service } from './service';
import { grouped } from '../collections';

/** What names are looked up in. */
interface NamedServices {
  readonly services: readonly Service[];
  readonly byHost: ReadonlyMap<string, readonly Service[]>;
  readonly clusterDomain: string;
  kubernetesService(host: string): Service | undefined;
  hostOf(name: string, namespace: string): string;
}

const NONE: readonly never[] = Object.freeze([]);

/** Finds services by names that differ from their hosts: shorter ones, those of a headless Service's pods, and those in other letters. */
export class Spellings {
  private readonly bySpelling = new Map<string, readonly Service[]>();
  /** The namespaces with Services in the cluster. */
  private readonly namespacesOfServices: ReadonlySet<string>;
  private wholeNamesAreUnique?: boolean;
  private byLetters?: ReadonlyMap<string, readonly Service[]>;

  constructor(private readonly registry: NamedServices) {
    const inCluster = registry.services.filter((service) => service.registry === 'Kubernetes');
    this.namespacesOfServices = new Set(inCluster.map(({ namespace }) => namespace));
  }

  /**
   * The services that a name may be for, spelled otherwise, as proxies of all namespaces
   * know them: of headless ones it may lie within theirs.
   */
  of(host: string): readonly Service[] {
    if (this.hasOneSpelling(host)) return NONE;
    let found = this.bySpelling.get(host);
    if (!found) this.bySpelling.set(host, found = this.findSpelled(host));
    return found;
  }

  /** Whether a host is a Service's whole name and can't be read otherwise: most are, and mustn't cost anything. */
  private hasOneSpelling(host: string): boolean {
    return this.areWholeNamesUnique && this.registry.kubernetesService(host) !== undefined;
  }

  /** Whether the cluster's domain is read as such in each name, and no host has capitals. */
  private get areWholeNamesUnique(): boolean {
    return this.wholeNamesAreUnique ??= this.capitals.size === 0 && !this.registry.clusterDomain.endsWith('.svc')
      && !this.namespacesOfServices.has(this.registry.clusterDomain.slice(this.registry.clusterDomain.lastIndexOf('.') + 1));
  }

  private findSpelled(host: string): readonly Service[] {
    const lower = host.toLowerCase();
    const name = withoutEmptyLabels(lower);
    const found: Service[] = [];
    for (const suffix of [`.svc.${this.registry.clusterDomain}`, '.svc', '']) {
      if (!name.endsWith(suffix)) continue;
      const own = name.slice(0, name.length - suffix.length);
      const [dot, before] = lastDots(own);
      const namespace = own.slice(dot + 1);
      if (dot < 0 || !this.namespacesOfServices.has(namespace)) continue;
      const service = this.registry.kubernetesService(this.registry.hostOf(own.slice(before + 1, dot), namespace));
      if (service && service.host !== host && (before < 0 || isHeadless(service))) found.push(service);
    }
    return [...found, ...this.inOtherLetters(lower).filter((service) => service.host !== host)];
  }

  /** Those of hosts that HTTP takes for a name in small letters. A proxy knows each service by its name with a dot at the end as well. */
  private inOtherLetters(name: string): readonly Service[] {
    const own = this.capitals.get(name) ?? [];
    if (!name.endsWith('.')) return own;
    const whole = name.slice(0, -1);
    const ofWhole = this.capitals.get(whole) ?? this.registry.byHost.get(whole)?.filter(({ registry }) => registry === 'ServiceEntry');
    return [...own, ...ofWhole ?? []];
  }

  /** The services of hosts that differ in capitals alone, by their small letters: HTTP goes by these. */
  private get capitals(): ReadonlyMap<string, readonly Service[]> {
    if (!this.byLetters) {
      const { services } = this.registry;
      const capitals = services.map(({ host }) => host).filter((host) => host !== host.toLowerCase());
      const lower = new Set(capitals.map((host) => host.toLowerCase()));
      this.byLetters = grouped(services.filter(({ host }) => lower.has(host.toLowerCase())), ({ host }) => host.toLowerCase());
    }
    return this.byLetters;
  }
}

const EMPTY_LABEL = /^\.|\.\.|\.$/;

function withoutEmptyLabels(name: string): string {
  return EMPTY_LABEL.test(name) ? name.split('.').filter((label) => label !== '').join('.') : name;
}

/** Where the last dot of a name stands, and the one before it; -1: nowhere. */
function lastDots(name: string): readonly [number, number] {
  const dot = name.lastIndexOf('.');
  return [dot, dot > 0 ? name.lastIndexOf('.', dot - 1) : -1];
}
