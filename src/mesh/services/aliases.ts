import { Service } from './service';

/** The end of a chain of ExternalName Services. */
interface End {
  /** The final name; undefined for a circle. */
  readonly target?: string;
  /** The Service with the final name; if no manifest has it, the last ExternalName; for a circle, the one where it is entered. */
  readonly service: Service;
}

/** The targets of ExternalName Services; each chain is followed once. */
export class Aliases {
  private readonly ends = new Map<Service, End>();

  /**
   * @param serviceNamed the Service with a name
   * @param nameOf the name that is looked up for an `externalName`
   * @param isKnown whether istiod, or DNS, knows an ExternalName; otherwise it is like any other name
   * @param isEmpty whether there is no ExternalName
   */
  constructor(
    private readonly serviceNamed: (host: string) => Service | undefined,
    private readonly isKnown: (alias: Service) => boolean = () => true,
    private readonly isEmpty = false, private readonly nameOf: (externalName: string) => string = (name) => name,
  ) {}

  /** The final target of an ExternalName Service; undefined if the host isn't one, or if it is part of a circle. */
  targetOf(host: string): string | undefined {
    const alias = this.aliasNamed(host);
    return alias && this.endOf(alias).target;
  }

  /**
   * The Service at the end of a service's chain: the service itself if it isn't an
   * ExternalName, or the last ExternalName if no manifest has its target.
   */
  serviceBehind(service: Service): Service {
    const alias = service.externalName === undefined ? undefined : this.aliasNamed(service.host);
    return alias ? this.endOf(alias).service : service;
  }

  private aliasNamed(host: string): Service | undefined {
    if (this.isEmpty) return undefined;
    const service = this.serviceNamed(host);
    return service?.externalName !== undefined && this.isKnown(service) ? service : undefined;
  }

  private endOf(first: Service): End {
    const through = new Set<Service>();
    let alias: Service | undefined = first;
    while (alias && !this.ends.has(alias) && !through.has(alias)) {
      through.add(alias);
      alias = this.aliasNamed(this.nameOf(alias.externalName!));
    }
    const end = alias ? this.ends.get(alias) ?? { service: alias } : this.lastOf([...through].at(-1)!);
    let isInCircle = false;
    for (const one of through) {
      isInCircle ||= one === alias;
      this.ends.set(one, isInCircle ? { service: one } : end);
    }
    return this.ends.get(first)!;
  }

  private lastOf(alias: Service): End {
    const target = this.nameOf(alias.externalName!);
    return { target, service: this.serviceNamed(target) ?? alias };
  }
}
