// What docs/conformance.md says of plans that were made in a cluster.
import type { PlanFacts } from './plans';

export function section({ kubernetes, objects, plans, snapshots, connections }: PlanFacts): string {
  return [
    '## Plans and snapshots', '',
    `The ${objects} objects of [the boutique](../examples/boutique/cluster.yaml) are applied by kubectl to a kube-apiserver, both ${kubernetes}, with Istio's CustomResourceDefinitions. \`istio-mtls snapshot\` reads them back: \`check\` and \`connections\` must say of it what they say of the file, of ${connections} connections and of the findings. Then plans are made from snapshots, and their folders are applied and deleted one after the other, there and back. All must be admitted, what is deleted must be there, nothing may be left to do after the last folder, and the cluster must be judged as before after the way back. Nothing runs in that cluster: the scripts that wait are left out.`, '',
    '| plan | stages | objects applied | deleted |', '|---|---|---|---|',
    ...plans.map(({ about, stages, applied, deleted }) => `| ${about} | ${stages} | ${applied} | ${deleted} |`), '',
    `${snapshots} snapshots were judged, none otherwise than expected.`,
  ].join('\n');
}
