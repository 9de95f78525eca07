import { isInstallation } from './installation-formats';
import { bothFacts, ControlPlaneFacts } from '../mesh/config/control-plane-facts';
import { late } from '../modules/late';

/**
 * Facts, completed with those of installers' objects among manifests: an IstioOperator, or an Istio or IstioRevision of the
 * Sail operator. `facts` take precedence.
 */
export function withInstalled<F extends ControlPlaneFacts>(facts: F, ...manifests: (readonly unknown[])[]): F {
  const found = manifests.flatMap((objects) => objects.filter(isInstallation));
  if (found.length === 0) return facts;
  // Loaded on demand, because few manifests hold such objects.
  const { installedFacts } = late<typeof import('./installation')>(() => require('./installation'));
  return { ...facts, ...bothFacts(facts, installedFacts(found, facts.istiodNamespace)) };
}
