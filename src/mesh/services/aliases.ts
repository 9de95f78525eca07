import { Registry } from './registry';
import { Service } from './service';

const NONE: readonly Service[] = Object.freeze([]);

/** The ExternalName Services that a name leads through, each once, even if they go in circles. */
function aliasesOf(host: string, registry: Registry): readonly Service[] {
  let service = registry.kubernetesService(host);
  if (service?.externalName === undefined) return NONE; // As most are: each call asks.
  const through = new Set<Service>();
  while (service?.externalName !== undefined && !through.has(service)) {
    through.add(service);
    service = registry.kubernetesService(service.externalName);
  }
  return [...through];
}

/** The name that an ExternalName Service stands for in the end; undefined if the host is none, or goes in circles. */
export function aliasTarget(host: string, registry: Registry): string | undefined {
  const target = aliasesOf(host, registry).at(-1)?.externalName;
  const isAlias = target !== undefined && registry.kubernetesService(target)?.externalName !== undefined;
  return isAlias ? undefined : target;
}

/** The Service that a service's name leads to: the service itself if it is no ExternalName, the last of them if no manifest has what that stands for. */
export function serviceBehind(service: Service, registry: Registry): Service {
  if (service.externalName === undefined) return service;
  const last = aliasesOf(service.host, registry).at(-1)!;
  return registry.kubernetesService(last.externalName!) ?? last;
}
