import { Evidence } from './evidence';
import { objectText } from '../mesh/inventory/object';
import { isWildcard, isWithin } from '../mesh/names/hosts';

/** Why no service has a host. */
export interface MistakenHost {
  readonly because: string;
  /** The host that is probably meant. */
  readonly meant?: string;
  /** The full host that a host with a dot stands for. */
  readonly full?: string;
  /** Whether it is another spelling of the same host. */
  readonly isSame?: boolean;
  /** The condition under which the host would be correct. */
  readonly unless?: string;
  /** The namespace whose Services have no similar name: most likely, the Service is in other manifests. */
  readonly elsewhere?: string;
}

/** The name, namespace and, if given, domain of a host that looks like a Service's. */
const PARTS = /^([^.]+)\.([^.]+)(?:\.svc(?:\.(.+))?)?$/;

/** The domain of the Multi-Cluster Services API, which every cluster may have in addition to its own. */
const CLUSTERSET_DOMAIN = 'clusterset.local';

/** Undefined if a service in the manifests has the host, or if one elsewhere may have it. */
export function mistakenHost(evidence: Evidence, written: string, host: string): MistakenHost | undefined {
  const { registry, coverage } = evidence.mesh;
  if (registry.byHost.has(host)) return undefined;
  const around = isWildcard(host) ? undefined : registry.wildcards.find((service) => isWithin(host, service.host));
  if (around) {
    return {
      because: `${objectText(around.object)} is for ${around.host}, and a rule applies to the host of a service, not to the name called`,
      meant: around.host,
    };
  }
  const [, name, namespace, domain] = PARTS.exec(host) ?? [];
  if (name === undefined || (isWildcard(host) && registry.services.some((service) => isWithin(service.host, host)))) return undefined;
  const isKnown = coverage.holdsServicesOf(namespace);
  const inFull = registry.hostOf(name, namespace);
  if (host !== inFull) {
    const exists = name === '*' ? evidence.serviceNamesIn(namespace).length > 0 : registry.kubernetesService(inFull) !== undefined;
    if (domain !== undefined) {
      return exists && domain !== CLUSTERSET_DOMAIN ? ofOtherDomain(registry.clusterDomain, domain, inFull) : undefined;
    }
    return exists || isKnown ? literal(written, name, namespace, inFull, exists) : undefined;
  }
  if (isKnown) return absent(evidence, written, name, namespace);
  return evidence.isRoot(namespace) && written === name ? shortInRoot(evidence, name, namespace) : undefined;
}

/** A Service that the manifests lack; undefined if a controller is known to create it. */
function absent(evidence: Evidence, written: string, name: string, namespace: string): MistakenHost | undefined {
  const because = `Service ${name} of namespace ${namespace} isn't among these manifests`;
  const creation = evidence.mesh.coverage.creatorOf(name, namespace);
  if (creation) {
    return creation.isCertain ? undefined : { because: `${because}, though ${creation.by} may create it`, elsewhere: namespace };
  }
  const meant = similar(evidence, written, name, namespace);
  return meant === undefined ? { because: `${because}, nor is one with a similar name`, elsewhere: namespace } : { because, meant };
}

function literal(written: string, name: string, namespace: string, full: string, exists: boolean): MistakenHost {
  return {
    because: `istiod takes a host with a dot literally, and no service is named ${written}`
      + `${exists ? '' : `, nor is Service ${name} of namespace ${namespace} among these manifests`}`,
    meant: exists ? full : undefined,
    full,
    isSame: exists,
  };
}

function ofOtherDomain(clusterDomain: string, domain: string, meant: string): MistakenHost {
  return {
    because: `Services of this cluster have the domain ${clusterDomain}`,
    meant,
    unless: `the cluster domain is ${domain}: then set clusterDomain`,
  };
}

/**
 * The root namespace: its Services are seldom in the manifests, and a host
 * there is seldom meant if exactly one Service elsewhere has the name.
 */
function shortInRoot(evidence: Evidence, name: string, namespace: string): MistakenHost | undefined {
  const [only, another] = evidence.servicesNamed(name);
  if (!only || another || evidence.mesh.coverage.isPartial(namespace)) return undefined;
  return {
    because: `a host without a dot is in namespace ${namespace}, where the manifests contain no such Service; `
      + `${objectText(only.object)} is another one`,
    meant: only.host,
    unless: `namespace ${namespace} has such a Service`,
  };
}

/** The Service that is probably meant: one of the same name elsewhere, if no namespace was written, or else one with a similar name. */
function similar(evidence: Evidence, written: string, name: string, namespace: string): string | undefined {
  const elsewhere = written === name ? evidence.servicesNamed(name)[0] : undefined;
  if (elsewhere) return elsewhere.host;
  const alike = evidence.suggestions.for(name, evidence.serviceNamesIn(namespace));
  return alike === undefined ? undefined : evidence.mesh.registry.hostOf(alike, namespace);
}
