import { Registry } from './registry';
import { Service } from './service';
import { MeshConfig } from '../config/mesh-config';
import { texts } from '../objects/shape';
import { identityOf } from '../workloads/workload';

/** The names of which clients demand one of a service's servers: those of all of them, in every trust domain that counts as the mesh's. */
export function serverNames(service: Service, registry: Registry, { trustDomain, trustDomainAliases }: MeshConfig): ReadonlySet<string> {
  const names = new Set(texts(service.object.spec.subjectAltNames));
  for (const port of service.ports) {
    for (const { workload, machine } of registry.endpointsOf(service, port)) {
      const server = workload ?? machine;
      if (server?.serviceAccount) names.add(identityOf(server, trustDomain));
    }
  }
  if (trustDomainAliases.length === 0) return names;
  const others = [...names].flatMap((name) => trustDomainAliases.map((alias) => name.replace(/^spiffe:\/\/[^/]+/, `spiffe://${alias}`)));
  return new Set([...names, ...others]);
}
