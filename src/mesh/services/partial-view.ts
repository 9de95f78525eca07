import { Registry } from './registry';
import { Service } from './service';
import { serviceHost } from '../names/hosts';

// Manifests may be a part of what the cluster holds. What they would have to hold to say that something isn't there:

/**
 * Whether nothing in the cluster bears a host that no service of the manifests bears. Of a Service's name: where other
 * Services of its namespace are known, or it only lacks the cluster's domain. Of other names nobody can tell: any
 * namespace may have a ServiceEntry for them.
 */
export function isNowhere(host: string, registry: Registry): boolean {
  const [name, namespace, svc, ...rest] = host.split('.');
  if (svc === undefined || (svc === 'svc' && rest.length === 0)) return registry.kubernetesService(serviceHost(name, namespace)) !== undefined;
  return host === serviceHost(name, namespace) && registry.services.some((other) => other.registry === 'Kubernetes' && other.namespace === namespace);
}

/** Whether a service that has no servers in the manifests has none: those that it lists itself, or other servers of its namespace are known. */
export function isServerless({ selector, namespace }: Service, registry: Registry): boolean {
  return selector === undefined || registry.serverNamespaces.has(namespace);
}
