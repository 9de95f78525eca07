import { ProxyScope } from './sidecar-scope';
import { AuthorizationPolicies } from '../authorization/policies';
import { readAuthorizationPolicy } from '../authorization/policy';
import { BehaviourName } from '../config/istiod-behaviours';
import { IstiodSettings } from '../config/istiods';
import { Discovery, EffectiveMeshConfig, EntryVisibility } from '../config/mesh-config';
import { REVISION } from '../config/revisions';
import { Inventory } from '../inventory/inventory';
import { ISTIO_KINDS, KIND, KindName } from '../inventory/kinds';
import { Namespaces } from '../inventory/namespaces';
import { MeshObject } from '../inventory/object';
import { ExportTo } from '../names/export-to';
import { Labels } from '../names/labels';
import { BackendPolicies, BACKEND_POLICY_KINDS } from '../policies/backend-policies';
import { compareRules, DestinationRule, readDestinationRule } from '../policies/destination-rule';
import { RuleIndex } from '../policies/destination-rules';
import { readEnvoyFilter, EnvoyFilters } from '../policies/envoy-filter';
import { countingPolicies } from '../policies/mesh-mode';
import { PeerPolicies, readPeerPolicy } from '../policies/peer-authentication';
import { pluginFilter } from '../policies/plugin';
import { readSidecar, SidecarResource, SidecarResources } from '../policies/sidecar';
import { gatewayApiRoutes, GATEWAY_API_ROUTES } from '../routes/gateway-api';
import { Route } from '../routes/route';
import { RouteIndex } from '../routes/route-index';
import { ShiftedWeights } from '../routes/shifted-weights';
import { virtualServiceRoute } from '../routes/virtual-service';
import { Aliases } from '../services/aliases';
import { Endpoint } from '../services/endpoint';
import { exportOf, ServiceRegistry } from '../services/registry';
import { ServerNames, serverNames } from '../services/server-names';
import { Service, ServicePort } from '../services/service';

/** One istiod, which may serve several revisions: how it reads the manifests with its mesh config. */
export class ControlPlane {
  readonly policies: PeerPolicies;
  readonly rules: RuleIndex;
  readonly backendPolicies: BackendPolicies;
  readonly envoyFilters: EnvoyFilters;
  readonly routes: RouteIndex;
  readonly sidecars: SidecarResources;
  /** The targets of the ExternalName Services that this istiod knows. */
  readonly aliases: Aliases;

  private readonly isRootUnclear: boolean;
  private readonly discovery: Discovery;
  private readonly discovered = new Map<string, boolean | undefined>();
  private authorizationPolicies?: AuthorizationPolicies;
  private readonly names = new Map<Service, ServerNames>();
  private readonly exports = new Map<Service, ExportTo>();
  private readonly knownServers = new WeakMap<readonly Endpoint[], readonly Endpoint[]>();
  private readonly scopes = new Map<SidecarResource | undefined, Map<string, ProxyScope>>();

  constructor(
    readonly config: EffectiveMeshConfig, readonly istiod: IstiodSettings, private readonly revision: string,
    readonly registry: ServiceRegistry,
    private readonly objects: Inventory, private readonly namespaces: Namespaces,
  ) {
    const { rootNamespace } = config;
    this.discovery = new Discovery(config.discoverySelectors);
    this.isRootUnclear = this.discovers(rootNamespace) === undefined && holdsAny(objects, rootNamespace);
    this.policies = new PeerPolicies(countingPolicies(this.seen('PeerAuthentication'), rootNamespace).map(readPeerPolicy), rootNamespace);
    this.sidecars = new SidecarResources(this.seen('Sidecar').map(readSidecar), rootNamespace);
    const rules = this.seen('DestinationRule').map(readDestinationRule).sort(compareRules);
    const indexed = (all: readonly DestinationRule[]): RuleIndex => new RuleIndex(all, rootNamespace, {
      privateByDefault: config.defaultDestinationRuleExportTo.includes('.'), mergeByExportTo: this.decidesAsModelled('mergeByExportTo'),
    });
    this.rules = indexed(rules);
    this.backendPolicies = new BackendPolicies(BACKEND_POLICY_KINDS.flatMap((kind) => this.seen(kind)), rules, registry, indexed);
    const plugins = (['WasmPlugin', 'TrafficExtension'] as const).flatMap((kind) => this.seen(kind))
      .flatMap((object) => pluginFilter(object) ?? []);
    this.envoyFilters = new EnvoyFilters([...this.seen('EnvoyFilter').map(readEnvoyFilter), ...plugins], rootNamespace);
    this.routes = new RouteIndex(this.allRoutes(), config.defaultVirtualServiceExportTo);
    this.aliases = registry.aliasesKnown(({ object }) => this.reads(object));
  }

  /** Whether this istiod behaves as the model assumes: neither its minor version nor its environment changes that. */
  decidesAsModelled(behaviour: BehaviourName): boolean {
    const change = this.istiod.changes.get(behaviour);
    return change === undefined || change.isOpen === true;
  }

  /** Whether requests are allowed where the transport succeeds; read on first use. */
  get authorization(): AuthorizationPolicies {
    return this.authorizationPolicies ??= new AuthorizationPolicies(this.seen('AuthorizationPolicy').map(readAuthorizationPolicy),
      this.config);
  }

  /** Whether this istiod reads a namespace; undefined if that depends on unknown labels. */
  discovers(namespace: string): boolean | undefined {
    if (this.discovery.readsAll) return true;
    if (!this.discovered.has(namespace)) {
      this.discovered.set(namespace, this.discovery.reads(namespace, this.namespaces.labelsOf(namespace)));
    }
    return this.discovered.get(namespace);
  }

  /** Whether this istiod may not read objects that affect a namespace: its own, or those of the root namespace. */
  isUnclear(namespace: string): boolean {
    return this.config.readsElsewhere || (!this.discovery.readsAll && (this.isRootUnclear || this.discovers(namespace) === undefined));
  }

  /** The namespaces whose unknown labels decide that: the namespace itself, and the root namespace, whose objects apply to all. */
  unclearFor(namespace: string): readonly string[] {
    return [...this.discovers(namespace) === undefined ? [namespace] : [], ...this.isRootUnclear ? [this.config.rootNamespace] : []];
  }

  /** Whether this istiod reads an object, as far as known: its namespace is read, and it isn't labelled for another revision. */
  reads(object: MeshObject): boolean {
    const { namespace, labels } = object;
    return this.discovers(namespace) !== false
      && (labels[REVISION] === undefined || labels[REVISION] === this.revision || !ISTIO_KINDS.has(object));
  }

  /** Whether istiod may not read a service, or its visibility is unknown. */
  isUnclearAbout(service: Service): boolean {
    return this.isUnclear(service.namespace) || this.visibilityOf(service) === undefined;
  }

  /** Whether istiod may not know a service, or its visibility is unknown. Unlike `isUnclearAbout`, the root namespace doesn't matter. */
  mayIgnore(service: Service): boolean {
    return this.config.readsElsewhere || this.discovers(service.namespace) === undefined || this.visibilityOf(service) === undefined;
  }

  /** The namespaces that see a service: its `exportTo`, within the mesh config's limits. */
  exportOf(service: Service): ExportTo {
    let found = this.exports.get(service);
    if (!found) {
      this.exports.set(service,
        found = capped(exportOf(service, this.config, this.decidesAsModelled('exportToNamed')), this.visibilityOf(service)));
    }
    return found;
  }

  /** The servers behind a service's port, as far as this istiod knows them: the registry's `endpointsOf`. */
  serversOf(service: Service, port: ServicePort): readonly Endpoint[] {
    return this.known(service, this.registry.endpointsOf(service, port));
  }

  /** The servers of all its services with a port's number, as far as this istiod knows them: the registry's `serversOn`. */
  serversOn(service: Service, number: number): readonly Endpoint[] {
    return this.known(service, this.registry.serversOn(service, number));
  }

  /** The mesh config's limit on a service's visibility; undefined if it depends on unknown labels of the namespace. */
  visibilityOf({ registry, namespace }: Service): EntryVisibility | undefined {
    const { serviceEntryVisibility } = this.config;
    if (!serviceEntryVisibility || registry !== 'ServiceEntry') return 'PUBLIC';
    return serviceEntryVisibility.ofNamespace(namespace, this.namespaces.labelsOf(namespace));
  }

  /**
   * The names of which this istiod's clients require one in the certificate of
   * a service's servers; empty if they accept any server of the mesh.
   */
  namesOf(service: Service): ServerNames {
    let found = this.names.get(service);
    if (!found) {
      // The service with all its ports: if it is known only through routes, it has only the ports that these name.
      const whole = this.registry.byHost.get(service.host)!.find(({ object }) => object === service.object)!;
      const serversOf = (port: ServicePort) => [...this.serversOf(whole, port), ...this.known(whole, this.registry.unreadyOf(whole, port))];
      found = this.names.get(whole) ?? serverNames(whole, serversOf, this.config);
      this.names.set(whole, found).set(service, found);
    }
    return found;
  }

  /** What the proxy of a client imports. */
  scopeOf(client: { readonly namespace: string; readonly labels: Labels }): ProxyScope {
    const resource = this.sidecars.of(client);
    let byNamespace = this.scopes.get(resource);
    if (!byNamespace) this.scopes.set(resource, byNamespace = new Map());
    let scope = byNamespace.get(client.namespace);
    if (!scope) byNamespace.set(client.namespace, scope = new ProxyScope(this, client.namespace, resource));
    return scope;
  }

  /** Gateway API routes first: their order relative to VirtualServices isn't modelled. */
  private allRoutes(): readonly Route[] {
    const ofGatewayApi = gatewayApiRoutes(GATEWAY_API_ROUTES.flatMap((kind) => this.seen(kind)), this.registry);
    const weights = ShiftedWeights.of(this.objects);
    return [...ofGatewayApi, ...this.seen('VirtualService').flatMap((object) => virtualServiceRoute(object, weights.specOf(object)) ?? [])];
  }

  /** Without the pods that a service's EndpointSlice lists in other namespaces, where this istiod doesn't read these. */
  private known({ namespace }: Service, servers: readonly Endpoint[]): readonly Endpoint[] {
    if (this.discovery.readsAll) return servers;
    let found = this.knownServers.get(servers);
    if (!found) {
      const isUnknown = ({ listed, workload }: Endpoint): boolean =>
        listed === 'pod' && workload!.namespace !== namespace && this.discovers(workload!.namespace) === false;
      found = servers.some(isUnknown) ? servers.filter((server) => !isUnknown(server)) : servers;
      this.knownServers.set(servers, found);
    }
    return found;
  }

  private seen(kind: KindName): readonly MeshObject[] {
    return this.objects.of(KIND[kind]).filter((object) => this.reads(object));
  }
}

function capped(exportTo: ExportTo, visibility: EntryVisibility | undefined): ExportTo {
  switch (visibility) {
    case 'NAMESPACE': return exportTo.confined;
    case 'NONE': return exportTo.hidden;
    default: return exportTo;
  }
}

function holdsAny(objects: Inventory, rootNamespace: string): boolean {
  return [...ISTIO_KINDS].some((kind) => objects.of(kind).some(({ namespace }) => namespace === rootNamespace));
}
