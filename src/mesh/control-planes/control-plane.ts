import { ProxyScope } from './sidecar-scope';
import { AuthorizationPolicies } from '../authorization/policies';
import { readAuthorizationPolicy } from '../authorization/policy';
import { BehaviourName, IstiodSettings } from '../config/istiods';
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
import { PeerPolicies, readPeerPolicy } from '../policies/peer-authentication';
import { pluginFilter } from '../policies/plugin';
import { readSidecar, SidecarResource, SidecarResources } from '../policies/sidecar';
import { gatewayApiRoutes, GATEWAY_API_ROUTES } from '../routes/gateway-api';
import { Route } from '../routes/route';
import { RouteIndex } from '../routes/route-index';
import { ShiftedWeights } from '../routes/shifted-weights';
import { virtualServiceRoute } from '../routes/virtual-service';
import { Aliases } from '../services/aliases';
import { exportOf, ServiceRegistry } from '../services/registry';
import { ServerNames, serverNames } from '../services/server-names';
import { Service } from '../services/service';

/** One istiod, of one revision or of several alike: how it interprets the manifests with its mesh config. */
export class ControlPlane {
  readonly policies: PeerPolicies;
  readonly rules: RuleIndex;
  readonly backendPolicies: BackendPolicies;
  readonly envoyFilters: EnvoyFilters;
  readonly routes: RouteIndex;
  readonly sidecars: SidecarResources;
  /** What the ExternalName Services that this istiod knows stand for. */
  readonly aliases: Aliases;

  private readonly isRootUnclear: boolean;
  private readonly discovery: Discovery;
  private readonly discovered = new Map<string, boolean | undefined>();
  private authorizationPolicies?: AuthorizationPolicies;
  private readonly names = new Map<Service, ServerNames>();
  private readonly exports = new Map<Service, ExportTo>();
  private readonly scopes = new Map<SidecarResource | undefined, Map<string, ProxyScope>>();

  constructor(
    readonly config: EffectiveMeshConfig, readonly istiod: IstiodSettings, private readonly revision: string, readonly registry: ServiceRegistry,
    private readonly objects: Inventory, private readonly namespaces: Namespaces,
  ) {
    const { rootNamespace } = config;
    this.discovery = new Discovery(config.discoverySelectors);
    this.isRootUnclear = this.discovers(rootNamespace) === undefined && holdsAny(objects, rootNamespace);
    this.policies = new PeerPolicies(this.seen('PeerAuthentication').map(readPeerPolicy), rootNamespace);
    this.sidecars = new SidecarResources(this.seen('Sidecar').map(readSidecar), rootNamespace);
    const rules = this.seen('DestinationRule').map(readDestinationRule).sort(compareRules);
    const indexed = (all: readonly DestinationRule[]): RuleIndex => new RuleIndex(all, rootNamespace, {
      privateByDefault: config.defaultDestinationRuleExportTo.includes('.'), mergeByExportTo: this.decidesAsModelled('mergeByExportTo'),
    });
    this.rules = indexed(rules);
    this.backendPolicies = new BackendPolicies(BACKEND_POLICY_KINDS.flatMap((kind) => this.seen(kind)), rules, registry, indexed);
    const plugins = (['WasmPlugin', 'TrafficExtension'] as const).flatMap((kind) => this.seen(kind)).flatMap((object) => pluginFilter(object) ?? []);
    this.envoyFilters = new EnvoyFilters([...this.seen('EnvoyFilter').map(readEnvoyFilter), ...plugins], rootNamespace);
    this.routes = new RouteIndex(this.allRoutes(), config.defaultVirtualServiceExportTo);
    this.aliases = registry.aliasesKnown(({ object }) => this.reads(object));
  }

  /** Whether neither its minor nor its environment changes this istiod's decisions. */
  decidesAsModelled(behaviour: BehaviourName): boolean {
    const change = this.istiod.changes.get(behaviour);
    return change === undefined || change.isOpen === true;
  }

  /** Whether requests are allowed where the transport succeeds: read on demand. */
  get authorization(): AuthorizationPolicies {
    return this.authorizationPolicies ??= new AuthorizationPolicies(this.seen('AuthorizationPolicy').map(readAuthorizationPolicy), this.config);
  }

  /** Whether this istiod reads a namespace; undefined if that depends on unknown labels. */
  discovers(namespace: string): boolean | undefined {
    if (this.discovery.readsAll) return true;
    if (!this.discovered.has(namespace)) this.discovered.set(namespace, this.discovery.reads(namespace, this.namespaces.labelsOf(namespace)));
    return this.discovered.get(namespace);
  }

  /** Whether it isn't known if this istiod reads the objects that decide about a namespace: its own, or those of the root namespace. */
  isUnclear(namespace: string): boolean {
    return this.config.readsElsewhere || (!this.discovery.readsAll && (this.isRootUnclear || this.discovers(namespace) === undefined));
  }

  /** The namespaces whose labels determine it: its own, and the root namespace, whose objects apply to all. */
  unclearFor(namespace: string): readonly string[] {
    return [...this.discovers(namespace) === undefined ? [namespace] : [], ...this.isRootUnclear ? [this.config.rootNamespace] : []];
  }

  /** Whether this istiod knows an object, as far as can be told: in a namespace that it reads, and not labelled for another revision. */
  reads(object: MeshObject): boolean {
    const { namespace, labels } = object;
    return this.discovers(namespace) !== false && (labels[REVISION] === undefined || labels[REVISION] === this.revision || !ISTIO_KINDS.has(object));
  }

  /** Whether it isn't known if this istiod reads a service, or to whom it is visible. */
  isUnclearAbout(service: Service): boolean {
    return this.isUnclear(service.namespace) || this.visibilityOf(service) === undefined;
  }

  /** Whether it isn't known if a service exists for this istiod, or to whom it is visible; what the root namespace sets decides neither. */
  mayIgnore(service: Service): boolean {
    return this.config.readsElsewhere || this.discovers(service.namespace) === undefined || this.visibilityOf(service) === undefined;
  }

  /** Who sees a service: as it says, within the mesh config's limits. */
  exportOf(service: Service): ExportTo {
    let found = this.exports.get(service);
    if (!found) this.exports.set(service, found = capped(exportOf(service, this.config, this.decidesAsModelled('exportToNamed')), this.visibilityOf(service)));
    return found;
  }

  /** The mesh config's limit on a service's visibility; undefined if that depends on its namespace's unknown labels. */
  visibilityOf({ registry, namespace }: Service): EntryVisibility | undefined {
    const { serviceEntryVisibility } = this.config;
    if (!serviceEntryVisibility || registry !== 'ServiceEntry') return 'PUBLIC';
    return serviceEntryVisibility.ofNamespace(namespace, this.namespaces.labelsOf(namespace));
  }

  /** The names of which this istiod's clients require one from a service's servers; none: they accept any server in the mesh. */
  namesOf(service: Service): ServerNames {
    let found = this.names.get(service);
    if (!found) {
      // With all of its ports: a service known only through routes has the ports that these name.
      const whole = this.registry.byHost.get(service.host)!.find(({ object }) => object === service.object)!;
      found = this.names.get(whole) ?? serverNames(whole, this.registry, this.config);
      this.names.set(whole, found).set(service, found);
    }
    return found;
  }

  /** What a client's proxy sees. */
  scopeOf(client: { readonly namespace: string; readonly labels: Labels }): ProxyScope {
    const resource = this.sidecars.of(client);
    let byNamespace = this.scopes.get(resource);
    if (!byNamespace) this.scopes.set(resource, byNamespace = new Map());
    let scope = byNamespace.get(client.namespace);
    if (!scope) byNamespace.set(client.namespace, scope = new ProxyScope(this, client.namespace, resource));
    return scope;
  }

  /** Those of the Gateway API first: their order relative to VirtualServices isn't modelled. */
  private allRoutes(): readonly Route[] {
    const ofGatewayApi = GATEWAY_API_ROUTES.flatMap((kind) => this.seen(kind)).flatMap((object) => gatewayApiRoutes(object, this.registry));
    const weights = ShiftedWeights.of(this.objects);
    return [...ofGatewayApi, ...this.seen('VirtualService').flatMap((object) => virtualServiceRoute(object, weights.specOf(object)) ?? [])];
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
