import { ControlPlane } from '../control-plane';
import { Registry } from '../services/registry';
import { Call } from './call';
import { ClientClass } from './client-class';

/** Classes of clients that a call treats alike, and the one to decide for. */
export interface Audience {
  readonly one: ClientClass;
  readonly classes: readonly ClientClass[];
}

/**
 * Splits the clients of a call: those in a namespace that has anything of its own to say about the call's
 * hosts, and all the others together. So a mesh of thousands of services is decided without trying each
 * client with each of them.
 */
export class Audiences {
  private readonly byNamespace = new Map<string, ClientClass[]>();
  private readonly withSidecarResource: readonly ClientClass[];
  private readonly always: readonly ClientClass[];
  private readonly plain: readonly ClientClass[];

  constructor(classes: readonly ClientClass[], private readonly registry: Registry) {
    this.always = classes.filter((one) => one.scope === undefined || isSpecial(one));
    this.withSidecarResource = classes.filter((one) => one.scope?.resource !== undefined && !isSpecial(one));
    this.plain = classes.filter((one) => one.scope !== undefined && one.scope.resource === undefined && !isSpecial(one));
    for (const one of this.plain) this.byNamespace.set(one.namespace, [...this.byNamespace.get(one.namespace) ?? [], one]);
  }

  of(call: Call): readonly Audience[] {
    const alone = (one: ClientClass): Audience => ({ one, classes: [one] });
    const fixed = [...this.always.map(alone), ...this.scoped(call)];
    const planes = new Set(this.plain.map(({ plane }) => plane!));
    const special = new Set([...planes].flatMap((plane) => [...this.namespacesApart(call, plane)]));
    if (special.has('*')) return [...fixed, ...this.plain.map(alone)];
    const apart = [...special].flatMap((namespace) => this.byNamespace.get(namespace) ?? []);
    return [...fixed, ...apart.map(alone), ...this.rest(planes, special)];
  }

  /** Those with a Sidecar that doesn't see the call's host all do the same with it, unless routes know it. */
  private scoped({ host, services }: Call): readonly Audience[] {
    const audiences: Audience[] = [];
    const blind = new Map<string, ClientClass[]>();
    for (const one of this.withSidecarResource) {
      const sees = services.some((service) => one.scope!.sees(service)) || one.scope!.routesFor(host).length > 0;
      if (sees || this.registry.hasServicesWithoutAddress) {
        audiences.push({ one, classes: [one] });
        continue;
      }
      const key = `${one.one.proxy.revision} ${one.scope!.outbound} ${String(one.scope!.resource!.egressProxy)}`;
      const group = blind.get(key);
      if (group) group.push(one);
      else blind.set(key, [one]);
    }
    return [...audiences, ...[...blind.values()].map((classes) => ({ one: classes[0], classes }))];
  }

  private rest(planes: ReadonlySet<ControlPlane>, special: ReadonlySet<string>): readonly Audience[] {
    return [...planes].flatMap((plane) => {
      const classes = this.plain.filter((one) => one.plane === plane && !special.has(one.namespace));
      return classes.length === 0 ? [] : [{ one: classes[0], classes }];
    });
  }

  /** The namespaces whose clients may see a call's hosts as no others do; `*`: each client may. */
  private namespacesApart(call: Call, plane: ControlPlane): ReadonlySet<string> {
    const apart = new Set([plane.config.rootNamespace]);
    const routes = plane.routes.touching(call.host);
    const hosts = new Set([call.host, ...routes.flatMap(({ route }) => route.destinations.map(({ host }) => host))]);
    for (const { route, exportTo } of routes) {
      if (route.sourceLabels.length > 0) return new Set('*');
      if (!exportTo.isPublic) exportTo.namespaces.forEach((namespace) => apart.add(namespace));
      route.sourceNamespaces.forEach((namespace) => apart.add(namespace));
      apart.add(route.object.namespace);
    }
    for (const host of hosts) {
      for (const service of this.registry.byHost.get(host) ?? []) {
        if (service.externalName !== undefined || this.registry.hasServicesWithoutAddress) return new Set('*');
        apart.add(service.namespace);
        plane.exportOf(service).namespaces.forEach((namespace) => apart.add(namespace));
      }
      plane.rules.namespacesWithOwn(host).forEach((namespace) => apart.add(namespace));
      plane.rules.namespacesNamedFor(host).forEach((namespace) => apart.add(namespace));
    }
    return apart;
  }
}

/** Clients whose own annotations make a difference. */
function isSpecial({ one: { interception, annotations } }: ClientClass): boolean {
  return interception.byAddress !== undefined || annotations['traffic.sidecar.istio.io/excludeOutboundPorts'] !== undefined
    || annotations['sidecar.istio.io/interceptionMode'] === 'NONE';
}
