import { Subset } from './destination-rule';
import { MergedRule } from './merged-rule';

/** The field of a DestinationRule that says which TLS a port and subset get. */
export function tlsField(rule: MergedRule, subset: Subset | undefined, port: number): string {
  if (subset) {
    const entry = subset.policy?.ports.find(({ port: number }) => number === port);
    const within = `spec.subsets[${subset.name}].trafficPolicy`;
    if (entry) return `${within}.portLevelSettings[${port}].tls.mode`;
    if (subset.policy?.tls) return `${within}.tls.mode`;
  }
  const entry = rule.policy?.ports.find(({ port: number }) => number === port);
  return entry?.tls ? `spec.trafficPolicy.portLevelSettings[${port}].tls.mode` : 'spec.trafficPolicy.tls.mode';
}
