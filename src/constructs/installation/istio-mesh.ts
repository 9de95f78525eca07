import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { MeshConfig } from './mesh-config';
import { MeshConfigProps } from './mesh-config-props';
import { isDnsDomain } from '../../admission/metadata/kubernetes-names';
import { withArticle } from '../../findings/refusal';
import { IstioAdmission } from '../../integration/istio-admission';
import { DEFAULT_MESH, IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { CaSource } from '../certificates/ca-source';
import { CustomCa } from '../certificates/custom-ca';
import { MeshMonitoring, MeshMonitoringProps } from '../monitoring/mesh-monitoring';
import { checkedNamespace, isRevisionName } from '../namespace';
import { Refuse, refusing } from '../refuse';
import { MeshMtls, StrictMeshMtls, StrictMeshMtlsProps } from '../security/mesh-mtls';
import { MtlsMode } from '../security/peer-authentication';

/** Properties of IstioMesh. */
export interface IstioMeshProps {
  /**
   * istiod's namespace, from which it reads its mesh config and its CA.
   *
   * @default - the chart's namespace, otherwise 'istio-system'
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
}

/**
 * Describes an installed mesh once, for all constructs of the app.
 *
 * Emits no objects itself. Constructs that are created after it use its facts, as do admission and MtlsAnalysis; its methods
 * create constructs for the whole mesh. An app with Istio's defaults, including namespace `istio-system`, doesn't need it.
 * For several revisions of istiod, create one each: they share the root namespace, the trust domain and the cluster domain. If
 * they differ in other facts, pass `mesh` to constructs.
 *
 * @throws if a namespace, a revision or a domain is invalid, if another IstioMesh in the app contradicts it, or if constructs that
 * were created before used other facts
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
  public readonly namespace: string;
  public readonly revision?: string;
  public readonly rootNamespace: string;
  public readonly trustDomain: string;
  public readonly clusterDomain: string;

  public constructor(scope: Construct, id: string, props: IstioMeshProps = {}) {
    super(scope, id);
    const refuse = refusing('IstioMesh', this.node.path);
    const { revision, trustDomain = DEFAULT_MESH.trustDomain, clusterDomain = DEFAULT_MESH.clusterDomain } = props;
    this.namespace = checkedNamespace(props.namespace ?? Chart.of(this).namespace ?? DEFAULT_MESH.namespace, refuse, 'namespace');
    this.rootNamespace = checkedNamespace(props.rootNamespace ?? this.namespace, refuse, 'rootNamespace');
    this.revision = revision === 'default' ? undefined : revision;
    checkRevision(this.revision, refuse);
    checkDomain('trustDomain', trustDomain, 'every identity begins with it', refuse);
    checkDomain('clusterDomain', clusterDomain, 'the host of every Service ends with it', refuse);
    this.trustDomain = trustDomain;
    this.clusterDomain = clusterDomain;
    MeshFacts.of(this).add(this);
    IstioAdmission.attach(this);
  }

  /**
   * Labels for namespaces whose pods get this mesh's sidecars: `istio.io/rev` with the revision, or `istio-injection: enabled`
   * without one.
   */
  public get injectionLabels(): { [key: string]: string } {
    return this.revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': this.revision };
  }

  /** Requires mutual TLS: every sidecar rejects plaintext unless a namespace or workload overrides it. */
  public strict(props: StrictMeshMtlsProps = {}): StrictMeshMtls {
    return new StrictMeshMtls(this, 'Mtls', props);
  }

  /** Accepts both mutual TLS and plaintext at every sidecar unless a namespace or workload overrides it, to migrate to STRICT. */
  public permissive(props: StrictMeshMtlsProps = {}): MeshMtls {
    return new MeshMtls(this, 'Mtls', { ...props, mode: MtlsMode.PERMISSIVE });
  }

  /** Sets mesh-wide settings other than the facts of IstioMesh. */
  public config(props: MeshConfigProps = {}): MeshConfig {
    return new MeshConfig(this, 'Config', { ...props, mesh: this });
  }

  /** Makes istiod sign workload certificates with your own CA. */
  public customCa(source: CaSource): CustomCa {
    return new CustomCa(this, 'Ca', { source, mesh: this });
  }

  /** Makes Prometheus scrape istiod and the sidecars, and adds alerts. */
  public monitoring(props: MeshMonitoringProps = {}): MeshMonitoring {
    return new MeshMonitoring(this, 'Monitoring', { ...props, mesh: this });
  }
}

function checkRevision(revision: unknown, refuse: Refuse): void {
  if (revision === undefined || isRevisionName(revision)) return;
  throw refuse({
    code: 'MTLS046',
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
    code: 'MTLS047',
    field,
    actual: typeof domain === 'string' ? `'${domain}'` : withArticle(typeof domain),
    expected: "DNS labels separated by dots, such as 'cluster.local'",
    because,
    fix: 'pass the domain of the cluster',
  });
}
