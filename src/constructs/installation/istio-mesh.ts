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
   * istiod's own namespace, where it reads its mesh config and its CA.
   *
   * @default - the chart's namespace, else 'istio-system'
   */
  readonly namespace?: string;

  /**
   * The revision of istiod, as it was installed.
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
   * The first part of every identity, `spiffe://<trust domain>/ns/…`. To change it in a running mesh, name the
   * old one in `trustDomainAliases` of MeshConfig.
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
 * A mesh, as it is installed: what all constructs have to know of it, said once.
 *
 * Emits no objects itself. Constructs of the app that are made after it go by its facts, as do admission and MtlsAnalysis; its
 * methods make those that concern the whole mesh. An app whose Istio lies in `istio-system`, with everything else as Istio's
 * installation has it, needs none. Of several revisions of istiod make one each; they share the root namespace, the trust
 * domain and the cluster domain. Where they differ otherwise, constructs must be told theirs, by `mesh`.
 *
 * @throws if a namespace, a revision or a domain is no name; if another IstioMesh of the app contradicts it; if constructs were
 * made before it that went by other facts
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
   * Labels of a namespace whose pods shall get this mesh's sidecars: `istio.io/rev` with the revision, else
   * `istio-injection: enabled`.
   */
  public get injectionLabels(): { [key: string]: string } {
    return this.revision === undefined ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': this.revision };
  }

  /** Every sidecar refuses plaintext, unless a namespace or workload says otherwise. */
  public strict(props: StrictMeshMtlsProps = {}): StrictMeshMtls {
    return new StrictMeshMtls(this, 'Mtls', props);
  }

  /** Every sidecar accepts mutual TLS and plaintext, unless a namespace or workload says otherwise; to move to STRICT from. */
  public permissive(props: StrictMeshMtlsProps = {}): MeshMtls {
    return new MeshMtls(this, 'Mtls', { ...props, mode: MtlsMode.PERMISSIVE });
  }

  /** The mesh-wide settings that aren't facts. */
  public config(props: MeshConfigProps = {}): MeshConfig {
    return new MeshConfig(this, 'Config', { ...props, mesh: this });
  }

  /** A CA of your own: istiod signs the workloads' certificates with it. */
  public customCa(source: CaSource): CustomCa {
    return new CustomCa(this, 'Ca', { source, mesh: this });
  }

  /** What Prometheus scrapes of istiod and the sidecars, and what it alerts on. */
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
    expected: "lower-case letters, digits and dashes, such as '1-31'",
    because: 'it becomes part of the name of a ConfigMap and a Service',
    fix: 'leave it out for the istiod without a revision, or write the name that it was installed with',
  });
}

function checkDomain(field: string, domain: unknown, because: string, refuse: Refuse): void {
  if (typeof domain === 'string' && isDnsDomain(domain)) return;
  throw refuse({
    code: 'MTLS047',
    field,
    actual: typeof domain === 'string' ? `'${domain}'` : withArticle(typeof domain),
    expected: "DNS labels with dots between them, such as 'cluster.local'",
    because,
    fix: 'write the domain as the cluster has it',
  });
}
