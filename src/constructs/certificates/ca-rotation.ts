import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { caRefusing, CaTarget, certificateModules } from './ca-emitter';
import { addCa } from './custom-ca';
import { ReadRotatingCa, RotatingCa, trustOf } from './rotating-ca';
import { CA_SECRET_NAME, FOUR_KEY_FORM, ISTIO_GENERATED } from '../../certificates/ca-secret';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { checkMadeBy, checkWord, Refuse } from '../refuse';

/** The stages from one CA to another, in order. Each is safe to stay in, and so is the step to its neighbours. */
export enum CaRotationStage {
  /** istiod signs with the old CA, and proxies learn to trust both roots. */
  TRUST_BOTH = 'trust-both',
  /** istiod signs with the new CA, and proxies trust both roots. */
  SIGN_WITH_NEW = 'sign-with-new',
  /** istiod signs with the new CA, and proxies trust its root only. */
  TRUST_NEW = 'trust-new',
}

/** Properties of CaRotation. */
export interface CaRotationProps {
  /** The CA that istiod signs with today. */
  readonly from: RotatingCa;

  /** The CA that it shall sign with. */
  readonly to: RotatingCa;

  /** The stage to emit. Move on by this one word, when every proxy has what the stage before brings. */
  readonly stage: CaRotationStage;

  /**
   * The stage that the mesh is in. A jump over a stage is refused then.
   *
   * @default - nothing is known of it, and no stage is refused
   */
  readonly previousStage?: CaRotationStage;

  /**
   * The mesh that is meant.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
}

/**
 * One stage of the way from one CA to another without a connection that breaks: first trust both roots, then sign with the
 * new CA, then trust its root only.
 *
 * Emits what fills Secret `cacerts` in istiod's namespace: one ExternalSecret, SealedSecret or Secret of the CA that signs
 * in this stage, with the roots of this stage. In the first two stages these are the same text, the old roots before the
 * new ones: istiod takes a new certificate and key while it runs as long as that text stays. Where istiod signs with a CA
 * that it made itself, the first stage emits a Secret without any private key: with
 * `USE_CACERTS_FOR_SELF_SIGNED_CA=true` in its environment istiod goes on signing, and adds the Secret's roots to its own;
 * **set that variable first**: without it, an istiod that starts with such a Secret stops.
 *
 * Two CAs below the same root have two stages: TRUST_BOTH is the old CA as it is, SIGN_WITH_NEW the new one.
 *
 * What to wait for between stages is in docs/ca-rotation.md, and `istio-mtls ca rotate` prints it for two CAs.
 *
 * @throws if the two are one CA, a root isn't that of its CA, a source can't hold two roots (cert-manager's, an existing
 * Secret), only one of two PEM sources has revocation lists, or `previousStage` is no neighbour
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { CaRotation, CaRotationStage, CaSource, ExternalSecretStore, RotatingCa } from 'cdk8s-istio-mtls';
 *
 * export function platform(istiodRoot: string, companyRoot: string): App {
 *   const app = new App();
 *   new CaRotation(new Chart(app, 'platform'), 'ca', {
 *     from: RotatingCa.selfSigned(istiodRoot),
 *     to: RotatingCa.ofSource(CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' }), companyRoot),
 *     stage: CaRotationStage.TRUST_BOTH,
 *   });
 *   return app;
 * }
 */
export class CaRotation extends Construct {
  /** istiod's namespace, where the Secret lies. */
  public readonly namespace: string;

  /** What is emitted; undefined for an existing Secret below the same root. */
  public readonly apiObject?: ApiObject;

  public constructor(scope: Construct, id: string, props: CaRotationProps) {
    super(scope, id);
    const namespace = MeshFacts.of(this).read('namespace', { kind: 'Secret', path: this.node.path, mesh: props.mesh });
    this.namespace = namespace;
    this.apiObject = emitStage({ scope: this, namespace }, props);
    this.node.defaultChild = this.apiObject;
    addCa(this, namespace);
  }
}

function emitStage(target: CaTarget, { from, to, stage, previousStage }: CaRotationProps): ApiObject | undefined {
  const refuse = caRefusing(target, 'Secret');
  for (const [field, value] of [['from', from], ['to', to]] as const) checkMadeBy('RotatingCa', { field, value, member: '_read' }, refuse);
  checkWord('stage', stage, CaRotationStage, refuse);
  if (previousStage !== undefined) checkWord('previousStage', previousStage, CaRotationStage, refuse);
  const { rootBundle, rotationOf, sameCaFault, stageFault } = certificateModules();
  const [old, next] = [from._read('from', target), to._read('to', target)];
  const source = sourceOf(next, refuse);
  const rotation = rotationOf(old.source ? 'plugged' : 'self-signed', old.ca, next.ca);
  const fault = sameCaFault('to', old.ca, next.ca) ?? stageFault(stage, previousStage, rotation);
  if (fault) throw refuse(fault);
  if (rotation.isSameRoot && stage === CaRotationStage.TRUST_BOTH) return old.source!._emit(target);
  // istiod compares the root's text byte by byte.
  if (rotation.isSameRoot) return source._emit({ ...target, trust: old.ca.own && next.ca.own && { rootCert: old.ca.rootCert } });
  if (stage === CaRotationStage.TRUST_NEW) return source._emit(target);
  const trust = trustOf(rootBundle(old.ca.rootCert, next.ca.rootCert), old, next, refuse);
  if (stage === CaRotationStage.SIGN_WITH_NEW) return source._emit({ ...target, trust });
  return old.source ? old.source._emit({ ...target, trust }) : emitRootsOnly(target, trust.rootCert);
}

function sourceOf({ source }: ReadRotatingCa, refuse: Refuse): NonNullable<ReadRotatingCa['source']> {
  if (source) return source;
  throw refuse({
    code: 'MTLS057',
    field: 'to',
    actual: 'the CA that istiod made itself',
    expected: 'a CA of a source',
    because: 'istiod makes such a CA where it finds no other, and trusts no second one while it does',
    fix: 'use RotatingCa.ofSource',
  });
}

/**
 * The Secret beside which istiod goes on signing with its own CA. Its private key is empty: an istiod that doesn't heed the mark
 * does not start with it, instead of signing with a CA that nobody trusts yet.
 */
function emitRootsOnly({ scope, namespace }: CaTarget, rootCert: string): ApiObject {
  const empty = [...FOUR_KEY_FORM, ISTIO_GENERATED].map((key) => [key, '']);
  return new ApiObject(scope, 'Resource', {
    apiVersion: 'v1',
    kind: 'Secret',
    // The controller of SealedSecrets writes over no Secret without this.
    metadata: { namespace, name: CA_SECRET_NAME, annotations: { 'sealedsecrets.bitnami.com/managed': 'true' } },
    type: 'Opaque',
    data: { ...Object.fromEntries(empty), 'root-cert.pem': Buffer.from(rootCert).toString('base64') },
  });
}
