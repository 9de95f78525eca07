import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { CaSource } from './ca-source';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { refusalMessage } from '../../findings/refusal';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { AppCheck } from '../app-check';
import { checkMadeBy, refusing } from '../refuse';

/** Properties of CustomCa. */
export interface CustomCaProps {
  /** Where the CA comes from. */
  readonly source: CaSource;

  /**
   * The mesh that is meant. The Secret is read from istiod's namespace and from nowhere else.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
}

/**
 * A CA of your own for the mesh: istiod signs the workloads' certificates with it, instead of with one that it
 * makes itself.
 *
 * Provides the Secret `cacerts` in istiod's namespace, by what its source emits: one Certificate, ExternalSecret,
 * SealedSecret or Secret, or nothing. istiod mounts that Secret when it starts: **restart it** when the Secret is
 * created after it signed for itself. In a mesh that runs with such a CA, or with another one, go by the stages of
 * CaRotation instead, or connections break until all workloads are restarted. The construct can't know that;
 * `istio-mtls diff`, and `check` beside a snapshot of the cluster, warn of it (MTLS726). A second CustomCa in the app is an error at
 * synth.
 *
 * @throws if the source can't give what istiod reads; the sources tell what they need
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

  /** istiod's namespace, where the Secret lies. */
  public readonly namespace: string;

  /** What the source emitted, to adjust what it doesn't say; undefined for an existing Secret. */
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

/** Notes that a construct provides istiod's CA: a second one of the app is refused. */
export function addCa(construct: IConstruct, namespace: string): void {
  customCas.add(construct, { construct, namespace });
}

/** A CustomCa, or a rotation, as far as another can collide with it. */
export interface KnownCa {
  readonly construct: IConstruct;
  readonly namespace: string;
}

/** Those of an app: istiod has one CA. */
export const customCas = new AppCheck<KnownCa>(([first, ...others]) => others.map(({ construct, namespace }) => refusalMessage({
  code: 'MTLS060',
  kind: 'Secret',
  name: `${namespace}/${CA_SECRET_NAME}`,
  path: construct.node.path,
  field: 'source',
  actual: `a second CA beside Secret '${first.namespace}/${CA_SECRET_NAME}' (${first.construct.node.path})`,
  expected: 'one CustomCa in an app',
  because: 'istiod signs with one CA, and workloads of two that share no root cannot talk to each other',
  fix: 'remove one of the two, or make an app for each mesh',
})));
