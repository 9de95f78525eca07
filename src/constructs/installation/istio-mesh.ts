import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { MeshConfig } from './mesh-config';
import { MeshConfigProps } from './mesh-config-props';
import { MeshConstructs } from './mesh-constructs';
import { isDnsDomain } from '../../admission/metadata/kubernetes-names';
import { withArticle } from '../../findings/refusal';
import { CallEnforcement } from '../../integration/call-enforcement';
import { IstioAdmission } from '../../integration/istio-admission';
import { DEFAULT_MESH, IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { oneIstioMeshOf } from '../../integration/mesh-scope';
import { attachUnownedCheck } from '../../integration/unowned-objects';
import { CaSource } from '../certificates/ca-source';
import { CustomCa } from '../certificates/custom-ca';
import { MeshMonitoring, MeshMonitoringProps } from '../monitoring/mesh-monitoring';
import { checkedNamespace, isRevisionName } from '../namespace';
import { checkWord, Refuse, refusing } from '../refuse';
import { MeshMtls, StrictMeshMtls, StrictMeshMtlsProps } from '../security/mesh-mtls';
import { MtlsMode } from '../security/peer-authentication';

/** Properties of IstioMesh. */
export interface IstioMeshProps {
  /**
   * istiod's namespace, from which it reads its mesh config and its CA.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * The installed revision of istiod.
   *
   * @default - the istiod without a revision; 'default' means the same
   */
  readonly revision?: string;

  /**
   * The namespace whose policies apply to the whole mesh.
   *
   * @default - `namespace`
   */
  readonly rootNamespace?: string;

  /**
   * The mesh's trust domain, the first part of every identity: `spiffe://<trust domain>/ns/…`. To change it in a running mesh,
   * add the old one to `trustDomainAliases` of MeshConfig.
   *
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;

  /**
   * The DNS suffix of the cluster's Services.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * What declared calls (`Calls`) emit for the Services that they call. In a mesh in which some clients don't declare their calls yet,
   * begin with DRY_RUN or NONE.
   *
   * @default CallEnforcement.POLICIES
   */
  readonly calls?: CallEnforcement;

  /**
   * Whether each workload that declares its calls (`Calls`) gets a Sidecar, which limits its proxy's configuration to these calls, the
   * routes for them, and the root namespace. What a proxy does with all other calls is up to `outboundTrafficPolicy` of the mesh config.
   *
   * @default false
   */
  readonly sidecars?: boolean;

  /**
   * The part of the app that is in the mesh: an app, a chart, or a construct that holds charts, such as one for each environment.
   * Within it, the nearest IstioMesh counts, as with `Chart.of`.
   *
   * @default - what contains the chart of the IstioMesh, usually the app; outside of charts, its scope
   */
  readonly owns?: IConstruct;
}

/**
 * Options of IstioMesh's methods.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * const mesh = new IstioMesh(new Chart(app, 'platform'), 'mesh');
 * mesh.monitoring({ scope: new Chart(app, 'monitoring') }); // in dist/monitoring.k8s.yaml
 */
export interface MeshConstructOptions {
  /**
   * Where to create the construct, such as a chart that is applied separately. It belongs to the mesh wherever it is, but not in
   * a part of the app that another mesh owns.
   *
   * @default - the IstioMesh; outside of charts, a chart of its own
   */
  readonly scope?: Construct;
}

/** Options of `IstioMesh.strict` and `IstioMesh.permissive`. */
export interface MeshModeOptions extends StrictMeshMtlsProps, MeshConstructOptions {}

/** Options of `IstioMesh.config`. */
export interface MeshConfigOptions extends MeshConfigProps, MeshConstructOptions {}

/** Options of `IstioMesh.monitoring`. */
export interface MeshMonitoringOptions extends MeshMonitoringProps, MeshConstructOptions {}

/**
 * Describes an installed mesh once, for all constructs of the app, or of the part of the app that it owns.
 *
 * Emits no objects itself. Constructs that are created after it use its facts, as do admission and MtlsAnalysis; its methods
 * create constructs for the whole mesh. An app with Istio's defaults, including namespace `istio-system`, doesn't need it.
 *
 * For an app with several environments, create one for each, within the construct that holds it or with `owns`: objects of other
 * meshes don't count for its checks and its analysis. For several revisions of istiod, create one each that owns the same: they
 * share the root namespace, the trust domain, the cluster domain, `calls` and `sidecars`. If they differ in other facts, pass `mesh`
 * to constructs.
 *
 * @throws if a namespace, a revision or a domain is invalid, if another IstioMesh owns the same and contradicts it, if constructs
 * that were created before used other facts, or if `owns` isn't in the app; at synth, if other parts of the app hold workloads,
 * Services, Namespaces or Istio's objects that no mesh owns
 * @see https://istio.io/latest/docs/ops/deployment/deployment-models/
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { CaSource, CertManagerIssuer, IstioMesh } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * const mesh = new IstioMesh(chart, 'mesh', { namespace: 'istio-mesh', revision: '1-31', trustDomain: 'corp.example' });
 * mesh.strict();
 * mesh.customCa(CaSource.certManager({ issuer: CertManagerIssuer.clusterIssuer('company-root') }));
 * mesh.monitoring({ labels: { release: 'kube-prometheus-stack' } });
 */
export class IstioMesh extends Construct implements IIstioMesh {
  /**
   * The IstioMesh that owns a construct: the nearest one.
   *
   * @throws if there is none, or one for each of several istiods
   * @example
   *
   * import { App, Chart } from 'cdk8s';
   * import { Construct } from 'constructs';
   * import { IstioMesh } from 'cdk8s-istio-mtls';
   *
   * const app = new App();
   * for (const name of ['dev', 'prod']) {
   *   const environment = new Construct(app, name);
   *   new IstioMesh(environment, 'mesh', { trustDomain: `${name}.example` }).strict();
   *   const shop = new Chart(environment, 'shop', { namespace: 'shop' });
   *   const trustDomain = IstioMesh.of(shop).trustDomain; // dev.example, prod.example
   * }
   */
  public static of(scope: IConstruct): IIstioMesh {
    return oneIstioMeshOf(scope);
  }

  public readonly namespace: string;
  public readonly revision?: string;
  public readonly rootNamespace: string;
  public readonly trustDomain: string;
  public readonly clusterDomain: string;
  public readonly calls: CallEnforcement;
  public readonly sidecars: boolean;

  private readonly constructs: MeshConstructs;

  public constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    const refuse = refusing('IstioMesh', this.node.path);
    const { revision, trustDomain = DEFAULT_MESH.trustDomain, clusterDomain = DEFAULT_MESH.clusterDomain } = props;
    this.namespace = checkedNamespace(props.namespace ?? DEFAULT_MESH.namespace, refuse, 'namespace');
    this.rootNamespace = checkedNamespace(props.rootNamespace ?? this.namespace, refuse, 'rootNamespace');
    this.revision = revision === 'default' ? undefined : revision;
    checkRevision(this.revision, refuse);
    checkDomain('trustDomain', trustDomain, 'every identity begins with it', refuse);
    checkDomain('clusterDomain', clusterDomain, 'the host of every Service ends with it', refuse);
    this.trustDomain = trustDomain;
    this.clusterDomain = clusterDomain;
    this.calls = props.calls ?? DEFAULT_MESH.calls;
    checkWord('calls', this.calls, CallEnforcement, refuse);
    this.sidecars = props.sidecars === true;
    const chart = this.node.scopes.reverse().find((around) => Chart.isChart(around));
    MeshFacts.add(this, props.owns ?? (chart ? chart.node.scope ?? chart : scope));
    this.constructs = new MeshConstructs(this, chart !== undefined);
    IstioAdmission.attach(this);
    attachUnownedCheck(this);
  }

  /**
   * Adds other parts of the app to the mesh, such as charts beside its own.
   *
   * @throws if another mesh owns one of them, if its constructs used other facts, or if it isn't in the app
   * @example
   *
   * import { App, Chart } from 'cdk8s';
   * import { IstioMesh } from 'cdk8s-istio-mtls';
   *
   * const app = new App();
   * const platform = new Chart(app, 'dev-platform');
   * const shop = new Chart(app, 'dev-shop');
   * const mesh = new IstioMesh(platform, 'mesh', { owns: platform });
   * mesh.include(shop); // but not the charts of prod
   */
  public include(...scopes: IConstruct[]): void {
    for (const scope of scopes) MeshFacts.of(this).include(scope, this);
  }

  /**
   * Labels for namespaces whose pods get this mesh's sidecars: `istio.io/rev` with the revision, or `istio-injection: enabled`
   * without one.
   */
  public get injectionLabels(): { [key: string]: string } {
    return this.revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': this.revision };
  }

  /** Requires mutual TLS: every sidecar rejects plaintext unless a namespace or workload overrides it. */
  public strict({ scope, ...props }: MeshModeOptions = {}): StrictMeshMtls {
    return new StrictMeshMtls(this.constructs.in(scope), 'Mtls', props);
  }

  /** Accepts both mutual TLS and plaintext at every sidecar unless a namespace or workload overrides it, to migrate to STRICT. */
  public permissive({ scope, ...props }: MeshModeOptions = {}): MeshMtls {
    return new MeshMtls(this.constructs.in(scope), 'Mtls', { ...props, mode: MtlsMode.PERMISSIVE });
  }

  /** Sets mesh-wide settings other than the facts of IstioMesh. */
  public config({ scope, ...props }: MeshConfigOptions = {}): MeshConfig {
    return new MeshConfig(this.constructs.in(scope), 'Config', { ...props, mesh: this });
  }

  /** Makes istiod sign workload certificates with your own CA. */
  public customCa(source: CaSource, { scope }: MeshConstructOptions = {}): CustomCa {
    return new CustomCa(this.constructs.in(scope), 'Ca', { source, mesh: this });
  }

  /** Makes Prometheus scrape istiod and the sidecars, and adds alerts. */
  public monitoring({ scope, ...props }: MeshMonitoringOptions = {}): MeshMonitoring {
    return new MeshMonitoring(this.constructs.in(scope), 'Monitoring', { ...props, mesh: this });
  }
}

function checkRevision(revision: unknown, refuse: Refuse): void {
  if (revision === undefined || isRevisionName(revision)) return;
  throw refuse({
    code: 'API046',
    field: 'revision',
    actual: typeof revision === 'string' ? `'${revision}'` : withArticle(typeof revision),
    expected: "lowercase letters, digits and dashes, such as '1-31'",
    because: 'it is part of the names of a ConfigMap and a Service',
    fix: 'pass the installed revision, or none for the istiod without a revision',
  });
}

function checkDomain(field: string, domain: unknown, because: string, refuse: Refuse): void {
  if (typeof domain === 'string' && isDnsDomain(domain)) return;
  throw refuse({
    code: 'API047',
    field,
    actual: typeof domain === 'string' ? `'${domain}'` : withArticle(typeof domain),
    expected: "DNS labels separated by dots, such as 'cluster.local'",
    because,
    fix: 'pass the domain of the cluster',
  });
}
