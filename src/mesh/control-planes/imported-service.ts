import { compareTexts } from '../inventory/object';
import { NO_LABELS, sameLabels } from '../names/labels';
import { Service } from '../services/service';

/**
 * Of several services with one host, those that a proxy in a namespace listens for: those of its own namespace, or else of the first
 * Service's namespace, or else of the first ServiceEntry's.
 *
 * @param candidates the services that the proxy sees, in istiod's order of preference
 */
export function listeningServices(candidates: readonly Service[], namespace: string): readonly Service[] {
  if (candidates.length < 2) return candidates;
  let chosen = candidates[0];
  for (const candidate of candidates) {
    if (candidate.namespace === namespace || (candidate.registry === 'Kubernetes' && chosen.namespace !== namespace)) chosen = candidate;
  }
  return candidates.filter((candidate) => candidate.namespace === chosen.namespace);
}

/** The service that the proxy knows: a Service before a ServiceEntry, then the first. The others may add ports to it. */
export function importedService(listening: readonly Service[]): Service | undefined {
  return listening.length < 2 ? listening[0] : listening.reduce(merged);
}

/** The merged service, if istiod merges the two; otherwise the one that it prefers. */
export function merged(known: Service, next: Service): Service {
  if (known.registry !== next.registry) return known.registry === 'Kubernetes' ? known : next;
  if (known.resolution !== next.resolution || !sameEntries(known.exportTo, next.exportTo) || !haveSameLabels(known, next)) return known;
  const numbers = new Set(known.ports.map(({ number }) => number));
  // If several ports have one number, such as UDP and TCP, the first one counts.
  const added = next.ports.filter(({ number }) => numbers.size < numbers.add(number).size);
  return added.length === 0 ? known : { ...known, ports: [...known.ports, ...added] };
}

function sameEntries(left: readonly string[], right: readonly string[]): boolean {
  return [...new Set(left)].sort().join() === [...new Set(right)].sort().join();
}

function haveSameLabels(left: Service, right: Service): boolean {
  return sameLabels(left.object.labels, right.object.labels) && sameLabels(left.selector ?? NO_LABELS, right.selector ?? NO_LABELS);
}

/** A Service before a ServiceEntry, then the first. */
export function preferred(services: readonly Service[]): Service | undefined {
  return services.find(({ registry }) => registry === 'Kubernetes') ?? services[0];
}

/** The preferred one of the first namespace in alphabetical order. */
export function firstInAlphabet(services: readonly Service[]): Service | undefined {
  const first = [...services].sort((left, right) => compareTexts(left.namespace, right.namespace))[0];
  return first && preferred(services.filter(({ namespace }) => namespace === first.namespace));
}

/** A service with only its port of a number, the first of several; undefined if it has none. */
export function onlyWithPort(service: Service, number: number): Service | undefined {
  const ports = service.ports.filter((port) => port.number === number).slice(0, 1);
  return ports.length === 0 ? undefined : { ...service, ports };
}

/** A ServiceEntry with only its first address. */
export function atOneAddress(service: Service): Service {
  return service.registry === 'ServiceEntry' && service.addresses.length > 1 ? {
    ...service, addresses: service.addresses.slice(0, 1),
  } : service;
}
