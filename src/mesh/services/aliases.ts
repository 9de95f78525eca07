import { Registry } from './registry';
import { Service } from './service';

const NONE: readonly Service[] = Object.freeze([]);

/** The ExternalName Services that a name leads through, each once, even if they go in circles. */
function aliasesOf(host: string, registry: Registry, isKnown: (alias: Service) => boolean = () => true): readonly Service[] {
  let alias = aliasNamed(host, registry);
  if (!alias) return NONE; // As most are: each call asks.
  const through = new Set<Service>();
  while (alias && !through.has(alias) && isKnown(alias)) {
    through.add(alias);
    alias = aliasNamed(alias.externalName!, registry);
  }
  return [...through];
}

function aliasNamed(host: string, registry: Registry): Service | undefined {
  const service = registry.kubernetesService(host);
  return service?.externalName === undefined ? undefined : service;
}

/**
 * The name that an ExternalName Service stands for in the end; undefined if the host is none, or goes in circles.
 *
 * @param isKnown whether somebody knows an ExternalName; to whom doesn't it is a name like others
 */
export function aliasTarget(host: string, registry: Registry, isKnown?: (alias: Service) => boolean): string | undefined {
  const through = aliasesOf(host, registry, isKnown);
  const target = through.at(-1)?.externalName;
  const next = target === undefined ? undefined : aliasNamed(target, registry);
  return next && through.includes(next) ? undefined : target;
}

/** The Service that a service's name leads to: the service itself if it is no ExternalName, the last of them if no manifest has what that stands for. */
export function serviceBehind(service: Service, registry: Registry): Service {
  if (service.externalName === undefined) return service;
  const last = aliasesOf(service.host, registry).at(-1)!;
  return registry.kubernetesService(last.externalName!) ?? last;
}
