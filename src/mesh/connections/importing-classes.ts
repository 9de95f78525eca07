import { alone, Audience, together } from './audience';
import { Call } from './call';
import { ClassSet } from './class-set';
import { ClientClass } from './client-class';
import { addTo } from '../grouped';
import { Registry } from '../services/registry';

/**
 * Clients with a Sidecar resource. Those that import from no namespace that a call concerns don't know its
 * host, and all do the same with it.
 */
export class ImportingClasses {
  private readonly byNamespace = new Map<string, ClientClass[]>();
  private readonly covered: readonly ClientClass[];
  private readonly fromAnywhere: readonly ClientClass[];
  private readonly alike: readonly ClassSet[];

  constructor(private readonly classes: readonly ClientClass[], private readonly registry: Registry) {
    this.covered = classes.filter(({ namespace }) => registry.coveredNamespaces.has(namespace));
    this.fromAnywhere = classes.filter(({ scope }) => scope!.importedNamespaces === undefined);
    const alike = new Map<string, ClientClass[]>();
    for (const one of classes) {
      for (const namespace of one.scope!.importedNamespaces ?? []) addTo(this.byNamespace, namespace, one);
      addTo(alike, `${one.one.proxy.revision} ${one.scope!.outbound} ${String(one.scope!.resource!.egressProxy)} ${one.traits}`, one);
    }
    this.alike = [...alike.values()].map((group) => ClassSet.of(group));
  }

  of(call: Call): readonly Audience[] {
    if (this.classes.length === 0) return [];
    if (this.registry.isGreedyPort(call.port)) return this.classes.map(alone);
    const seeing = new Set([...this.fromAnywhere, ...this.covered]);
    for (const namespace of this.namespacesOf(call)) for (const one of this.byNamespace.get(namespace) ?? []) seeing.add(one);
    const blind = this.alike.map((classes) => classes.without(new Set([...seeing].filter((one) => classes.has(one)))));
    return [...[...seeing].map(alone), ...blind.flatMap(together)];
  }

  /** The namespaces of the services and routes that a call may meet. */
  private namespacesOf({ neighbours: services }: Call): ReadonlySet<string> {
    const namespaces = new Set(services.map(({ namespace }) => namespace));
    for (const plane of new Set(this.classes.map((one) => one.plane!))) {
      for (const { host } of services) for (const { route } of plane.routes.touching(host)) namespaces.add(route.object.namespace);
    }
    for (const { externalName } of services) {
      for (const { namespace } of externalName === undefined ? [] : this.registry.services) namespaces.add(namespace);
    }
    return namespaces;
  }
}
