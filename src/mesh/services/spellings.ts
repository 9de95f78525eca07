import { Aliases } from './aliases';
import { isHeadless, Service } from './service';
import { grouped } from '../collections';

/** What names are looked up in. */
interface NamedServices {
  readonly services: readonly Service[];
  readonly byHost: ReadonlyMap<string, readonly Service[]>;
  readonly clusterDomain: string;
  readonly aliases: Aliases;
  kubernetesService(host: string): Service | undefined;
  hostOf(name: string, namespace: string): string;
}

/** The services that a name means: all, and those without the ones below whose hosts it is. */
interface Spelled {
  readonly all: readonly Service[];
  readonly whole: readonly Service[];
}

const NONE: readonly never[] = Object.freeze([]);
const NOTHING: Spelled = { all: NONE, whole: NONE };

/**
 * Finds services by other spellings of their hosts: shorter names, names of a headless Service's pods, also below an ExternalName for it,
 * and names in other capitals.
 */
export class Spellings {
  private readonly bySpelling = new Map<string, Spelled>();
  /** Namespaces with Services in the cluster. */
  private readonly namespacesOfServices: ReadonlySet<string>;
  private wholeNamesAreUnique?: boolean;
  private byLetters?: ReadonlyMap<string, readonly Service[]>;

  constructor(private readonly registry: NamedServices) {
    const inCluster = registry.services.filter((service) => service.registry === 'Kubernetes');
    this.namespacesOfServices = new Set(inCluster.map(({ namespace }) => namespace));
  }

  /**
   * The services that a name may mean in proxies of any namespace, if it isn't the service's
   * host: a shorter name, one with other capitals, or one below that of a headless Service or of an ExternalName for it.
   */
  of(host: string): readonly Service[] {
    return this.spelled(host).all;
  }

  /** The same, without those below whose hosts the name is. */
  ofWhole(host: string): readonly Service[] {
    return this.spelled(host).whole;
  }

  private spelled(host: string): Spelled {
    if (this.hasOneSpelling(host)) return NOTHING;
    let found = this.bySpelling.get(host);
    if (!found) this.bySpelling.set(host, found = this.findSpelled(host));
    return found;
  }

  /** Whether a host is a Service's full name without another meaning: most are, so this must be cheap. */
  private hasOneSpelling(host: string): boolean {
    return this.areWholeNamesUnique && this.registry.kubernetesService(host) !== undefined;
  }

  /** Whether full names have only one meaning: the cluster's domain can't be read as a namespace, and no host has capitals. */
  private get areWholeNamesUnique(): boolean {
    return this.wholeNamesAreUnique ??= this.capitals.size === 0 && !this.registry.clusterDomain.endsWith('.svc')
      && !this.namespacesOfServices.has(this.registry.clusterDomain.slice(this.registry.clusterDomain.lastIndexOf('.') + 1));
  }

  private findSpelled(host: string): Spelled {
    const lower = host.toLowerCase();
    const name = withoutEmptyLabels(lower);
    const [found, below]: readonly Service[][] = [[], []];
    for (const suffix of [`.svc.${this.registry.clusterDomain}`, '.svc', '']) {
      if (!name.endsWith(suffix)) continue;
      const own = name.slice(0, name.length - suffix.length);
      const [dot, before] = lastDots(own);
      const namespace = own.slice(dot + 1);
      if (dot < 0 || !this.namespacesOfServices.has(namespace)) continue;
      const service = this.registry.kubernetesService(this.registry.hostOf(own.slice(before + 1, dot), namespace));
      if (!service || service.host === host) continue;
      if (before < 0) found.push(service);
      else if (isHeadless(this.registry.aliases.serviceBehind(service))) below.push(service);
    }
    const other = this.inOtherLetters(lower).filter((service) => service.host !== host);
    return { all: [...found, ...below, ...other], whole: [...found, ...other] };
  }

  /**
   * The services whose hosts equal a name in lower case, which HTTP compares. A proxy also knows each service by its name with a final dot.
   */
  private inOtherLetters(name: string): readonly Service[] {
    const own = this.capitals.get(name) ?? [];
    if (!name.endsWith('.')) return own;
    const whole = name.slice(0, -1);
    const ofWhole = this.capitals.get(whole) ?? this.registry.byHost.get(whole)?.filter(({ registry }) => registry === 'ServiceEntry');
    return [...own, ...ofWhole ?? []];
  }

  /** Services whose hosts have capitals, or equal such a host except for capitals, by host in lower case, which HTTP compares. */
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

/** The positions of a name's last dot and the one before it; -1 if missing. */
function lastDots(name: string): readonly [number, number] {
  const dot = name.lastIndexOf('.');
  return [dot, dot > 0 ? name.lastIndexOf('.', dot - 1) : -1];
}
