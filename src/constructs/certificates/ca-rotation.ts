import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { caRefusing, CaTarget, certificateModules } from './ca-emitter';
import { addCa } from './custom-ca';
import { ReadRotatingCa, RotatingCa, trustOf } from './rotating-ca';
import { CA_SECRET_NAME, FOUR_KEY_FORM, ISTIO_GENERATED } from '../../certificates/ca-secret';
import { IIstioMesh, MeshFacts } from '../../integration/mesh-facts';
import { checkMadeBy, checkWord, Refuse } from '../refuse';

/** The stages from one CA to another, in order. Each stage, and each step to the next or previous one, is safe. */
export enum CaRotationStage {
  /** istiod signs with the old CA, and proxies trust both roots. */
  TRUST_BOTH = 'trust-both',
  /** istiod signs with the new CA, and proxies trust both roots. */
  SIGN_WITH_NEW = 'sign-with-new',
  /** istiod signs with the new CA, and proxies trust only its root. */
  TRUST_NEW = 'trust-new',
}

/** Properties of CaRotation. */
export interface CaRotationProps {
  /** The CA that istiod signs with before the rotation. */
  readonly from: RotatingCa;

  /** The CA that istiod signs with after the rotation. */
  readonly to: RotatingCa;

  /** The stage to emit. Change it to the next one when every proxy has the certificates and roots of the current one. */
  readonly stage: CaRotationStage;

  /**
   * The stage that the mesh is in. If given, skipping a stage is an error.
   *
   * @default - unknown: every stage is accepted
   */
  readonly previousStage?: CaRotationStage;

  /**
   * The mesh whose CA is rotated.
   *
   * @default - the app's IstioMesh created before this construct, otherwise a mesh with Istio's defaults
   */
  readonly mesh?: IIstioMesh;
}

/**
 * Istio's Secret `cacerts` in one stage of a rotation from one CA to another that breaks no connection: first trust both roots, then
 * sign with the new CA, then trust only its root.
 *
 * Emits one ExternalSecret, SealedSecret or Secret for Secret `cacerts` in istiod's namespace, with the CA that signs in this
 * stage and the roots of this stage. The roots are the same text in the first two stages, old before new, because a
 * running istiod reloads a new certificate and key only if the roots don't change. If istiod signs with a CA that it generated,
 * the first stage emits a Secret without a private key. With `USE_CACERTS_FOR_SELF_SIGNED_CA=true` in its environment,
 * istiod continues to sign, and adds the Secret's roots to its own. **Set that variable first**: without it, an istiod that
 * starts with such a Secret exits.
 *
 * Two CAs below the same root have two stages: TRUST_BOTH is the old CA unchanged, SIGN_WITH_NEW the new one.
 *
 * docs/ca-rotation.md says what to wait for between stages, and `istio-mtls ca rotate` prints it for two CAs.
 *
 * @throws if both are the same CA, if a root isn't that of its CA, if a source can't hold two roots (cert-manager's, an existing
 * Secret), if only one of two PEM sources has revocation lists, or if `stage` isn't next to `previousStage`
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { CaRotation, CaRotationStage, CaSource, ExternalSecretStore, RotatingCa } from 'cdk8s-istio-mtls';
 *
 * export function platform(istiodRoot: string, companyRoot: string): App {
 *   const app = new App();
 *   new CaRotation(new Chart(app, 'platform'), 'ca', {
 *     from: RotatingCa.selfSigned(istiodRoot),
 *     to: RotatingCa.ofSource(
 *       CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'istio/cacerts' }),
 *       companyRoot,
 *     ),
 *     stage: CaRotationStage.TRUST_BOTH,
 *   });
 *   return app;
 * }
 */
export class CaRotation extends Construct {
  /** istiod's namespace, which contains the Secret. */
  public readonly namespace: string;

  /** The emitted object; undefined for an existing Secret below the same root. */
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
  const { joinedRoots, rotationOf, sameCaFault, stageFault } = certificateModules();
  const [old, next] = [from._read('from', target), to._read('to', target)];
  const source = sourceOf(next, refuse);
  const rotation = rotationOf(old.source ? 'plugged' : 'self-signed', old.ca, next.ca);
  const fault = sameCaFault('to', old.ca, next.ca) ?? stageFault(stage, previousStage, rotation);
  if (fault) throw refuse(fault);
  if (rotation.isSameRoot && stage === CaRotationStage.TRUST_BOTH) return old.source!._emit(target);
  // istiod compares the root's text byte by byte.
  if (rotation.isSameRoot) return source._emit({ ...target, trust: old.ca.own && next.ca.own && { rootCert: old.ca.rootCert } });
  if (stage === CaRotationStage.TRUST_NEW) return source._emit(target);
  const trust = trustOf(joinedRoots(old.ca.rootCert, next.ca.rootCert), old, next, refuse);
  if (stage === CaRotationStage.SIGN_WITH_NEW) return source._emit({ ...target, trust });
  return old.source ? old.source._emit({ ...target, trust }) : emitRootsOnly(target, trust.rootCert);
}

function sourceOf({ source }: ReadRotatingCa, refuse: Refuse): NonNullable<ReadRotatingCa['source']> {
  if (source) return source;
  throw refuse({
    code: 'API057',
    field: 'to',
    actual: 'the CA that istiod generated',
    expected: 'a CA of a source',
    because: 'istiod generates a CA only if it finds no other, and then trusts no second one',
    fix: 'use RotatingCa.ofSource',
  });
}

/**
 * The Secret with which istiod continues to sign with its own CA. The private key is empty: an istiod that doesn't know the
 * mark fails to start, instead of signing with a CA that nobody trusts yet.
 */
function emitRootsOnly({ scope, namespace }: CaTarget, rootCert: string): ApiObject {
  const empty = [...FOUR_KEY_FORM, ISTIO_GENERATED].map((key) => [key, '']);
  return new ApiObject(scope, 'Resource', {
    apiVersion: 'v1',
    kind: 'Secret',
    // Without this annotation, the Sealed Secrets controller doesn't overwrite a Secret.
    metadata: { namespace, name: CA_SECRET_NAME, annotations: { 'sealedsecrets.bitnami.com/managed': 'true' } },
    type: 'Opaque',
    data: { ...Object.fromEntries(empty), 'root-cert.pem': Buffer.from(rootCert).toString('base64') },
  });
}
