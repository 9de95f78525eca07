import { withInstalled } from './installed';
import { isBefore, ISTIO_MINOR, minorOf } from '../manifests/istio-minor';
import { isMapping, mapping, text } from '../manifests/mapping';
import type { ControlPlaneFacts } from '../mesh/config/control-plane-facts';
import { ISTIOD_NAME } from '../mesh/config/istiod-deployment';
import { Istiods } from '../mesh/config/istiods';
import { Inventory } from '../mesh/inventory/inventory';

/** What admission goes by: the version of istiod may be that of its installer's files. */
export type AdmissionFacts = Pick<ControlPlaneFacts, 'istiodNamespace' | 'istioVersion' | 'meshConfigs'>;

/**
 * The version of the oldest istiod for which objects are, as the model has it: of istiods' own Deployments among them, of facts, or
 * of installers' objects. Undefined: nothing says it of one that may be older than the others.
 */
export function runningVersion(objects: readonly unknown[], facts: AdmissionFacts): string | undefined {
  const { versions } = Istiods.of(Inventory.of(objects.filter(mayBeIstiod)), withInstalled(facts, objects));
  const known = versions.filter((version) => version !== undefined);
  const oldest = known.reduce<string | undefined>((one, other) => (one !== undefined && !isOlder(other, one) ? one : other), undefined);
  const isOpen = known.length < versions.length && (oldest === undefined || !isOlder(oldest, ISTIO_MINOR));
  return isOpen ? undefined : oldest;
}

function isOlder(version: string, other: string): boolean {
  return isBefore(minorOf(version)!, minorOf(other)!);
}

function mayBeIstiod(object: unknown): boolean {
  return isMapping(object) && object.kind === 'Deployment' && ISTIOD_NAME.test(text(mapping(object.metadata).name) ?? '');
}
