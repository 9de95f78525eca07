import { objectIdentity, titleOf } from '../findings/object-identity';
import { MeshChange } from '../mesh/change/mesh-change';
import { ISTIO_MINOR } from '../mesh/config/istiods';
import { isOtherWebhook } from '../mesh/config/other-webhooks';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { Inventory } from '../mesh/inventory/inventory';
import { KIND } from '../mesh/inventory/kinds';
import { Mesh } from '../mesh/mesh';
import { losesCopies, Path, transportOf } from '../mesh/model/path';
import { Workload } from '../mesh/workloads/workload';
import { judgedMeshOf } from '../mesh/worlds/worlds';

/** The assumptions; docs/assumptions.md explains how to state or check each. */
type AssumptionName =
  | 'istio-version' | 'mesh-config' | 'mesh-wide-mode' | 'other-policies' | 'request-filters' | 'injector' | 'restarts' | 'other-webhooks'
  | 'no-ambient';

/**
 * An assumption behind a result, because the manifests don't show the fact: an
 * option or manifest can state it, or the user can check it in the cluster.
 */
export interface Assumption {
  readonly name: AssumptionName;
  /** In a few words, such as `no mesh-wide PeerAuthentication`. */
  readonly text: string;
}

/**
 * The assumptions behind decided connections; empty if none is decided.
 *
 * @param cases what is judged, in each case of what the manifests lack
 */
export function assumptionsIn(cases: readonly (Mesh | MeshChange)[]): readonly Assumption[] {
  const meshes = cases.filter(decidesAny).map(judgedMeshOf);
  return meshes.length > 0 ? assumptionsOf(...meshes) : [];
}

function decidesAny(judged: Mesh | MeshChange): boolean {
  for (const decision of judgedMeshOf(judged).decisions.all()) {
    if (decision.paths.some((path) => isDecided(path) && judged.counting.count(decision, path) > 0)) return true;
  }
  return false;
}

function isDecided(path: Path): boolean {
  return losesCopies(path) || transportOf(path).outcome !== 'undecided';
}

/** The assumptions behind the decisions about meshes, if they matter for at least one mesh. */
export function assumptionsOf(...meshes: readonly Mesh[]): readonly Assumption[] {
  const found = meshes.map(assumedIn);
  return (Object.keys(found[0]) as AssumptionName[]).flatMap((name) => {
    const text = found.map((texts) => texts[name]).find((one) => one !== false);
    return text === undefined ? [] : [{ name, text }];
  });
}

function assumedIn({ workloads, planes, istiods, objects }: Mesh): Readonly<Record<AssumptionName, string | false>> {
  const sidecars = workloads.filter(({ proxy }) => proxy.encrypts === true);
  const revisions = new Set(sidecars.map(({ proxy: { revision } }) => revision));
  const istiodsInUse = new Set([...revisions].map((revision) => planes.of(revision)));
  const isInjected = sidecars.some(isInjectedLater);
  return {
    'istio-version': [...revisions].some((revision) => !istiods.knowsVersion(revision)) && `Istio ${ISTIO_MINOR}`,
    'mesh-config': [...istiodsInUse].some(({ config }) => config.object === undefined) && 'the default mesh config',
    'mesh-wide-mode': lacksMeshMode({ workloads, planes }) && 'no mesh-wide PeerAuthentication',
    'other-policies': sidecars.length > 0 && 'no EnvoyFilter or policy beyond those shown',
    'request-filters': [...istiodsInUse].some(({ envoyFilters }) => envoyFilters.mayReroute)
      && 'inserted HTTP filters keep the host of requests',
    'injector': isInjected && 'the sidecar injector runs',
    'restarts': isInjected && 'pods are newer than the last change of injection',
    'no-ambient': workloads.some(({ proxy }) => proxy.isPresumed) && 'pods that decline a sidecar aren\'t in ambient mode',
    'other-webhooks': workloads.length > 0 && textOfWebhooks(objects),
  };
}

/** Names a webhook among the manifests that may change pods. */
function textOfWebhooks(objects: Inventory): string {
  const [shown, ...others] = objects.of(KIND.MutatingWebhookConfiguration).filter(isOtherWebhook)
    .map(({ source }) => titleOf(objectIdentity(source as Readonly<Record<string, unknown>>))).sort();
  if (shown === undefined) return 'no other webhook changes pods';
  const names = others.length === 0 ? shown : `${shown}, ${others.length} more`;
  return `what ${names} and webhooks beyond those shown change in pods doesn't matter`;
}

/** Whether the mode of some sidecar's ports would be that of a mesh-wide policy, which the manifests lack. */
export function lacksMeshMode({ workloads, planes }: Pick<Mesh, 'workloads' | 'planes'>): boolean {
  return workloads.some((workload) => workload.proxy.encrypts === true && isByDefault(workload, planes.of(workload.proxy.revision)));
}

/** Whether the manifests lack a workload's sidecar, which the injector adds to its pods. */
function isInjectedLater({ containers }: Workload): boolean {
  return containers.every(({ name }) => name !== 'istio-proxy');
}

/** Whether a workload's mode would change if the cluster had a mesh-wide policy that the manifests lack. */
function isByDefault({ namespace }: Workload, { policies }: ControlPlane): boolean {
  const own = policies.ofNamespace(namespace).winner;
  return policies.mesh.winner === undefined && (own === undefined || own.mode === 'UNSET');
}

/** `Assumed: Istio 1.31; the default mesh config (docs/assumptions.md)`; undefined without assumptions. */
export function assumptionsText(assumptions: readonly Assumption[]): string | undefined {
  return assumptions.length === 0 ? undefined : `Assumed: ${assumptions.map(({ text }) => text).join('; ')} (docs/assumptions.md)`;
}
