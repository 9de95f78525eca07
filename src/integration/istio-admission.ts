import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppManifest, withDroppedFields } from './app-manifests';
import { DeclaredFacts } from './declared-facts';
import { addJudge } from './once-per-synth';

/** What admission can't see in the app. */
export interface IstioAdmissionOptions {
  /**
   * istiod's own namespace, where its mesh config and its CA are read.
   *
   * @default - the namespace of the app's MeshConfig, else 'istio-system'
   */
  readonly istiodNamespace?: string;
}

/**
 * Refuses at synth what a Kubernetes API server with Istio's CRDs, or istiod's webhook, would refuse.
 *
 * Judges every object of the app once a synth: the constructs' of this library, the bindings', raw ApiObjects and
 * included YAML alike. Of objects that aren't Istio's, it judges Istio's labels and annotations, the mesh config and
 * the Secret `cacerts`. All objections are told in one error, before anything is written; each names the construct's
 * path, the field and the remedy. Warnings don't stop a synth: the command `istio-mtls validate` and the plugin for
 * cdk8s-cli tell them.
 *
 * Every construct of this library attaches it to its app by itself.
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
  /**
   * Attaches the check to the app that a construct lies in. Once is enough; each further call only adds what its
   * options say.
   */
  public static attach(scope: IConstruct, options: IstioAdmissionOptions = {}): void {
    const { root } = scope.node;
    const known = attached.get(root);
    if (known) {
      Object.assign(known, options);
      return;
    }
    const ofApp = { ...options };
    attached.set(root, ofApp);
    addJudge(root, (manifests) => manifests.flatMap((manifest) => refusals(manifest, ofApp)));
  }

  private constructor() {}
}

const attached = new WeakMap<IConstruct, { istiodNamespace?: string }>();

function refusals({ apiObject, manifest }: AppManifest, options: IstioAdmissionOptions): string[] {
  const { admit, findingMessage } = admission();
  const said = isIstios(apiObject) ? withDroppedFields(apiObject, manifest) : manifest;
  const istiodNamespace = options.istiodNamespace ?? DeclaredFacts.of(apiObject).facts.istiodNamespace;
  return admit(said, { istiodNamespace })
    .filter(({ severity }) => severity === 'error')
    .map((objection) => findingMessage(said, objection, apiObject.node.path));
}

function isIstios({ apiGroup }: ApiObject): boolean {
  return apiGroup.endsWith('istio.io');
}

/** Loaded by the first synth: whoever imports the library only to find a construct doesn't wait for it. */
function admission() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { admit } = require('../admission/admission') as typeof import('../admission/admission');
  const { findingMessage } = require('../findings/finding') as typeof import('../findings/finding');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { admit, findingMessage };
}
