import { withInstalled } from './installed';
import { isBefore, ISTIO_MINOR, minorOf } from '../manifests/istio-minor';
import { isMapping, mapping, text } from '../manifests/mapping';
import { ControlPlaneFacts, revisionOfConfigMap } from '../mesh/config/control-plane-facts';
import { ISTIOD_NAME } from '../mesh/config/istiod-deployment';
import { Istiods } from '../mesh/config/istiods';
import { Inventory } from '../mesh/inventory/inventory';

/** What admission goes by: the version of istiod may be that of its installer's files. */
export type AdmissionFacts = Pick<ControlPlaneFacts, 'istiodNamespace' | 'istioVersion' | 'meshConfigs' | 'rootNamespace'>;

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

/** The root namespace, as far as facts and mesh configs among the objects say another than istiod's. */
export function rootNamespaceIn(
  objects: readonly unknown[], { rootNamespace, istiodNamespace = 'istio-system', meshConfigs = [] }: AdmissionFacts,
): string | undefined {
  if (rootNamespace !== undefined) return rootNamespace;
  const configs = [...objects.filter((object) => isMeshConfig(object, istiodNamespace)), ...meshConfigs.map(({ manifest }) => manifest)];
  const said = configs.map((config) => ROOT_NAMESPACE.exec(text(mapping((config as { data?: unknown }).data).mesh) ?? '')?.[1]);
  return said.find((one) => one !== undefined);
}

/** As YAML and JSON write it. */
const ROOT_NAMESPACE = /^[ \t{]*"?rootNamespace"?:[ \t]*["']?([\w-]{1,63})/m;

function isMeshConfig(object: unknown, istiodNamespace: string): boolean {
  if (!isMapping(object) || object.kind !== 'ConfigMap') return false;
  const { name, namespace } = mapping(object.metadata);
  return namespace === istiodNamespace && revisionOfConfigMap(text(name) ?? '') !== undefined;
}
