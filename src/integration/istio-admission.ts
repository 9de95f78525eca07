import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppManifest, withDroppedFields } from './app-manifests';
import { MeshFacts } from './mesh-facts';
import { addJudge } from './once-per-synth';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';

/**
 * Fails a synth on objects that a Kubernetes API server with Istio's CRDs, or istiod's webhook, would reject.
 *
 * Checks every object of the app once for each synth, whether it comes from a construct of this library, a binding, a raw
 * ApiObject or included YAML. Of objects of other kinds than Istio's, it checks Istio's labels and annotations, the mesh
 * config and the Secret `cacerts`. One error lists everything before anything is written, each with the construct's path, the
 * field and the fix. Warnings don't fail a synth: the command `istio-mtls validate` and the plugin for cdk8s-cli report them.
 *
 * Every construct of this library attaches it to its app.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 * @example
 *
 * import { ApiObject, App, Chart } from 'cdk8s';
 * import { IstioAdmission } from 'cdk8s-istio-mtls';
 *
 * const app = new App();
 * IstioAdmission.attach(app);
 *
 * const shop = new Chart(app, 'shop', { namespace: 'shop' });
 * new ApiObject(shop, 'policy', {
 *   apiVersion: 'security.istio.io/v1',
 *   kind: 'PeerAuthentication',
 *   spec: { mtls: { mode: 'STRICT' } }, // 'mod', or 'strict', would make app.synth() fail
 * });
 * app.synth();
 */
export class IstioAdmission {
  /** Attaches the check to the app of a construct; further calls do nothing. An IstioMesh sets istiod's namespace. */
  public static attach(scope: IConstruct): void {
    const { root } = scope.node;
    if (attached.has(root)) return;
    attached.add(root);
    addJudge(root, (manifests) => refusals(manifests, MeshFacts.of(root).facts));
  }

  private constructor() {}
}

const attached = new WeakSet<IConstruct>();

function refusals(manifests: readonly AppManifest[], { istiodNamespace, istioVersion }: ControlPlaneFacts): string[] {
  const { admit, findingMessage } = admission(); // once for all objects: even `require` of a loaded module takes time
  return manifests.flatMap(({ apiObject, manifest }) => {
    const said = isIstios(apiObject) ? withDroppedFields(apiObject, manifest) : manifest;
    return admit(said, { istiodNamespace, istioVersion })
      .filter(({ severity }) => severity === 'error')
      .map((objection) => findingMessage(said, objection, apiObject.node.path));
  });
}

function isIstios({ apiGroup }: ApiObject): boolean {
  return apiGroup.endsWith('istio.io');
}

/** Loaded by the first synth, so that importing the library stays fast. */
function admission() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { admit } = require('../admission/admission') as typeof import('../admission/admission');
  const { findingMessage } = require('../findings/finding') as typeof import('../findings/finding');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { admit, findingMessage };
}
