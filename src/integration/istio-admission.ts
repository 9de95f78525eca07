import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { AppManifest, withDroppedFields } from './app-manifests';
import { attachedTo } from './attachments';
import { MeshFacts } from './mesh-facts';
import { MtlsReporter } from './mtls-reporter';
import { addJudge, isOfTest } from './once-per-synth';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';
import { late } from '../modules/late';

/**
 * Fails a synth on objects that a Kubernetes API server with Istio's CRDs, or istiod's webhook, would reject.
 *
 * Checks every object of the app once for each synth, whether it comes from a construct of this library, a binding, a raw
 * ApiObject or included YAML. Of objects of other kinds than Istio's, it checks Istio's labels and annotations, the mesh
 * config and the Secret `cacerts`. One error lists everything before anything is written, each with the construct's path, the
 * field and the fix. Warnings don't fail a synth: they are written to standard error, unless MtlsAnalysis has a silent reporter.
 *
 * Every construct of this library attaches it to its app. With several meshes in the app, each object is checked for its own.
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
    const told = new Map<MeshFacts, string>();
    addJudge(root, () => ({ facts, manifests }) => {
      const { refused, warned } = admitted(manifests, facts.facts);
      const text = isSilent(facts)
        ? ''
        : warned.filter((message) => !isRepeated(message, facts)).map((message) => `warning: ${message}\n`).join('');
      if (text !== '' && text !== told.get(facts)) process.stderr.write(text);
      told.set(facts, text);
      return refused;
    });
  }

  private constructor() {}
}

const attached = new WeakSet<IConstruct>();

/** Codes that the analysis reports as well, together with the consequences. */
const TOLD_BY_ANALYSIS = ['[ADMIT451]', '[ADMIT708]'];

function isRepeated(message: string, mesh: MeshFacts): boolean {
  return TOLD_BY_ANALYSIS.some((code) => message.endsWith(code)) && attachedTo(mesh) !== undefined;
}

/** Tests synthesize many times, and a user who silences the analysis wants no other output instead. */
function isSilent(mesh: MeshFacts): boolean {
  const reporter = attachedTo(mesh)?.reporter;
  return isOfTest() || (reporter instanceof MtlsReporter && !reporter._isListening);
}

/** The objections of the API server or istiod to a mesh's objects. */
interface Said {
  readonly refused: string[];
  readonly warned: string[];
}

function admitted(manifests: readonly AppManifest[], { istiodNamespace, istioVersion }: ControlPlaneFacts): Said {
  const { admit, findingMessage } = admission(); // called once for all objects: even `require` of a loaded module takes time
  const all: Said = { refused: [], warned: [] };
  for (const { apiObject, manifest } of manifests) {
    const said = isIstios(apiObject) ? withDroppedFields(apiObject, manifest) : manifest;
    for (const objection of admit(said, { istiodNamespace, istioVersion })) {
      if (objection.severity === 'info') continue;
      all[objection.severity === 'error' ? 'refused' : 'warned'].push(findingMessage(said, objection, apiObject.node.path));
    }
  }
  return all;
}

function isIstios({ apiGroup }: ApiObject): boolean {
  return apiGroup.endsWith('istio.io');
}

/** Loaded by the first synth, so that importing the library stays fast. */
function admission() {
  const { admit } = late<typeof import('../admission/admission')>(() => require('../admission/admission'));
  const { findingMessage } = late<typeof import('../findings/finding')>(() => require('../findings/finding'));
  return { admit, findingMessage };
}
