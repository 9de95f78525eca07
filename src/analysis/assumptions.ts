import { ISTIO_MINOR } from '../mesh/config/istiods';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** What may be taken for granted; docs/assumptions.md says of each how to state or check it. */
type AssumptionName =
  | 'istio-version' | 'mesh-config' | 'mesh-wide-mode' | 'other-policies' | 'request-filters' | 'injector' | 'restarts' | 'other-webhooks';

/**
 * What a result takes for granted, because the manifests don't show it: an option or a manifest can
 * state it, or somebody can check it in the cluster.
 */
export interface Assumption {
  readonly name: AssumptionName;
  /** In a few words, such as `no mesh-wide PeerAuthentication`. */
  readonly text: string;
}

/** What the decisions about meshes take for granted, as far as it matters for one of them. */
export function assumptionsOf(...meshes: readonly Mesh[]): readonly Assumption[] {
  const found = meshes.map(assumedIn);
  return (Object.keys(found[0]) as AssumptionName[]).flatMap((name) => {
    const text = found.map((texts) => texts[name]).find((one) => one !== false);
    return text === undefined ? [] : [{ name, text }];
  });
}

function assumedIn({ workloads, planes, istiods }: Mesh): Readonly<Record<AssumptionName, string | false>> {
  const sidecars = workloads.filter(({ proxy }) => proxy.encrypts === true);
  const revisions = new Set(sidecars.map(({ proxy: { revision } }) => revision));
  const istiodsInUse = new Set([...revisions].map((revision) => planes.of(revision)));
  const isInjected = sidecars.some(isInjectedLater);
  return {
    'istio-version': [...revisions].some((revision) => !istiods.knowsVersion(revision)) && `Istio ${ISTIO_MINOR}`,
    'mesh-config': [...istiodsInUse].some(({ config }) => config.object === undefined) && 'the default mesh config',
    'mesh-wide-mode': sidecars.some((workload) => isByDefault(workload, planes.of(workload.proxy.revision)))
      && 'no mesh-wide PeerAuthentication',
    'other-policies': sidecars.length > 0 && 'no EnvoyFilter or policy beyond those shown',
    'request-filters': [...istiodsInUse].some(({ envoyFilters }) => envoyFilters.mayReroute)
      && 'inserted HTTP filters keep the host of requests',
    'injector': isInjected && 'the sidecar injector runs',
    'restarts': isInjected && 'pods are newer than the last change of injection',
    'other-webhooks': workloads.length > 0 && 'no other webhook changes pods',
  };
}

/** Whether a sidecar isn't in the manifests, but comes with the pods. */
function isInjectedLater({ containers }: Workload): boolean {
  return containers.every(({ name }) => name !== 'istio-proxy');
}

/** Whether a mesh-wide policy that isn't among the manifests would set a workload's mode. */
function isByDefault({ namespace }: Workload, { policies }: ControlPlane): boolean {
  const own = policies.ofNamespace(namespace).winner;
  return policies.mesh.winner === undefined && (own === undefined || own.mode === 'UNSET');
}

/** `Assumed: Istio 1.31; the default mesh config (docs/assumptions.md)`; undefined: nothing is. */
export function assumptionsText(assumptions: readonly Assumption[]): string | undefined {
  return assumptions.length === 0 ? undefined : `Assumed: ${assumptions.map(({ text }) => text).join('; ')} (docs/assumptions.md)`;
}
