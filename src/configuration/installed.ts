import { isInstallation } from './installation-formats';
import { bothFacts, ControlPlaneFacts } from '../mesh/config/control-plane-facts';

/**
 * Facts, with what installers' objects among manifests say of istiods: an IstioOperator, or an Istio or IstioRevision of the
 * Sail operator. What is told by itself counts before.
 */
export function withInstalled<F extends ControlPlaneFacts>(facts: F, ...manifests: (readonly unknown[])[]): F {
  const found = manifests.flatMap((objects) => objects.filter(isInstallation));
  if (found.length === 0) return facts;
  // Loaded where there are such objects: few manifests hold any.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { installedFacts } = require('./installation') as typeof import('./installation');
  return { ...facts, ...bothFacts(facts, installedFacts(found, facts.istiodNamespace)) };
}
