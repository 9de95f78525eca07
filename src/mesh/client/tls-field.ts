import { Subset } from './destination-rule';
import { MergedRule } from './merged-rule';
import { portEntry } from './traffic-policy';

/** The field of a DestinationRule that says which TLS a port and subset get. */
export function tlsField(rule: MergedRule, subset: Subset | undefined, port: number): string {
  if (subset) {
    const within = `spec.subsets[${subset.name}].trafficPolicy`;
    if (portEntry(subset.policy, port)) return `${within}.portLevelSettings[${port}].tls.mode`;
    if (subset.policy?.tls) return `${within}.tls.mode`;
  }
  return portEntry(rule.policy, port)?.tls ? `spec.trafficPolicy.portLevelSettings[${port}].tls.mode` : 'spec.trafficPolicy.tls.mode';
}
