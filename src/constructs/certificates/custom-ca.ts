import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { CaSource } from './ca-source';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { refusalMessage } from '../../findings/refusal';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { MESH_FOR_EACH } from '../../integration/mesh-refusals';
import { AppCheck } from '../app-check';
import { checkMadeBy, refusing } from '../refuse';

/** Properties of CustomCa. */
export interface CustomCaProps {
  /** The source of the CA. */
  readonly source: CaSource;

  /**
   * The mesh that uses the CA. istiod reads the Secret only from its own namespace.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
}

/**
 * Istio's Secret `cacerts`: makes istiod sign workload certificates with your own CA instead of one that it generates.
 *
 * Emits the object of its source for Secret `cacerts` in istiod's namespace: one Certificate, ExternalSecret, SealedSecret or
 * Secret, or nothing. istiod reads the Secret when it starts: **restart istiod** if it is already signing with a CA that it
 * generated. If workloads already run with that CA, or with another one, use the stages of CaRotation instead. Otherwise,
 * connections break until all workloads are restarted. The construct can't detect this; `istio-mtls diff`, and `check` with a
 * snapshot of the cluster, warn about it (MTLS726).
 *
 * @throws if the source is invalid; at synth, if the app has a second CustomCa or a CaRotation
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import { CaSource, CertManagerIssuer, CustomCa } from 'cdk8s-istio-mtls';
 *
 * const chart = new Chart(new App(), 'platform');
 * new CustomCa(chart, 'ca', {
 *   source: CaSource.certManager({
 *     issuer: CertManagerIssuer.clusterIssuer('company-root'),
 *     duration: Duration.days(90),
 *     renewBefore: Duration.days(30),
 *   }),
 * });
 */
export class CustomCa extends Construct {
  /** Name of the Secret that istiod reads: always `cacerts`. */
  public readonly secretName: string = CA_SECRET_NAME;

  /** istiod's namespace, which contains the Secret. */
  public readonly namespace: string;

  /** The object that the source emitted, for adjustments; undefined for an existing Secret. */
  public readonly apiObject?: ApiObject;

  public constructor(scope: Construct, id: string, props: CustomCaProps) {
    super(scope, id);
    const [kind, path] = ['Secret', this.node.path];
    checkMadeBy('CaSource', { field: 'source', value: props.source, member: '_emit' }, refusing(kind, path, CA_SECRET_NAME));
    this.namespace = MeshFacts.of(this).read('namespace', { kind, path, mesh: props.mesh });
    this.apiObject = props.source._emit({ scope: this, namespace: this.namespace });
    this.node.defaultChild = this.apiObject;
    addCa(this, this.namespace);
  }
}

/** Registers a construct that provides istiod's CA: a mesh may have only one. */
export function addCa(construct: IConstruct, namespace: string): void {
  customCas.add(construct, { construct, namespace });
}

/** A CustomCa or CaRotation, as far as another can conflict with it. */
export interface KnownCa {
  readonly construct: IConstruct;
  readonly namespace: string;
}

/** The CustomCas and CaRotations of a mesh: istiod has one CA. */
export const customCas = new AppCheck<KnownCa>(([first, ...others]) => others.map(({ construct, namespace }) => refusalMessage({
  code: 'API060',
  kind: 'Secret',
  name: `${namespace}/${CA_SECRET_NAME}`,
  path: construct.node.path,
  field: 'source',
  actual: `a second CA, after Secret '${first.namespace}/${CA_SECRET_NAME}' (${first.construct.node.path})`,
  expected: 'one CustomCa in a mesh',
  because: 'istiod signs with one CA, and workloads of CAs without a common root cannot connect to each other',
  fix: `remove one of the two, or ${MESH_FOR_EACH}`,
})));
