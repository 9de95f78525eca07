import { Endpoint } from './endpoint';
import { Service, ServicePort } from './service';
import { texts } from '../../manifests/mapping';
import { EffectiveMeshConfig } from '../config/mesh-config';
import { identityOf } from '../workloads/workload';

/** Names of servers; a client requires one of them. */
export interface ServerNames extends Iterable<string> {
  readonly size: number;
  has(name: string): boolean;
}

const SPIFFE = /^spiffe:\/\/([^/]+)/;

/**
 * The names of which clients require one from a service's servers: those of all
 * servers, ready or not, in every trust domain of the mesh and its aliases.
 *
 * @param serversOf the servers behind a port that istiod knows, ready or not
 */
export function serverNames(
  service: Service, serversOf: (port: ServicePort) => readonly Endpoint[], { trustDomain, trustDomainAliases }: EffectiveMeshConfig,
): ServerNames {
  const names = new Set([...texts(service.object.spec.subjectAltNames), ...namesInAnnotations(service, trustDomain)]);
  for (const port of service.ports) {
    for (const { workload, machine, address } of serversOf(port)) {
      const server = machine ?? (address === undefined ? workload : undefined);
      if (server?.serviceAccount) names.add(identityOf(server, trustDomain));
    }
  }
  return trustDomainAliases.size === 0 ? names : new AliasedNames(names, trustDomainAliases);
}

/** The names that a Service's annotations add. */
function namesInAnnotations({ registry, object: { annotations }, namespace }: Service, trustDomain: string): readonly string[] {
  if (registry !== 'Kubernetes') return [];
  const listed = (annotation: string): readonly string[] => (annotations[annotation] ? annotations[annotation].split(',') : []);
  const serviceAccounts = listed('alpha.istio.io/kubernetes-serviceaccounts');
  return [...listed('alpha.istio.io/canonical-serviceaccounts'),
    ...serviceAccounts.map((serviceAccount) => identityOf({ namespace, serviceAccount }, trustDomain))];
}

/** Names that also count in other trust domains. They aren't expanded, since there may be many names and many trust domains. */
class AliasedNames implements ServerNames {
  /** The parts of the names after the trust domain. */
  private readonly paths: ReadonlySet<string>;

  constructor(private readonly names: ReadonlySet<string>, private readonly aliases: ReadonlySet<string>) {
    this.paths = new Set([...names].filter((name) => SPIFFE.test(name)).map((name) => name.replace(SPIFFE, '')));
  }

  get size(): number {
    return this.names.size;
  }

  has(name: string): boolean {
    if (this.names.has(name)) return true;
    const [written, trustDomain] = SPIFFE.exec(name) ?? [''];
    return trustDomain !== undefined && this.aliases.has(trustDomain) && this.paths.has(name.slice(written.length));
  }

  * [Symbol.iterator](): Generator<string> {
    yield* this.names;
    for (const path of this.paths) {
      for (const alias of this.aliases) if (!this.names.has(`spiffe://${alias}${path}`)) yield `spiffe://${alias}${path}`;
    }
  }
}
