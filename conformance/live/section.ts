import type { LiveFacts } from './live';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ foreign, sets, applied, refused, stored, servedPolicies, servedRules, mistakes }: LiveFacts): string {
  const counts = (of: Readonly<Record<string, number>>) => Object.entries(of).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, count]) => `| ${name} | ${count} |`);
  return [
    '## Live', '',
    `etcd, kube-apiserver and istiod run, and istiod's validating webhook is registered as Istio's chart registers it. All that the examples and the constructs' snapshots emit, ${sets} sets, is applied with strict field validation, not as a dry run. ${refused} objects were refused. Applied:`, '',
    '| kind | objects |', '|---|---|', ...counts(applied), '',
    `The kinds that are neither Kubernetes' nor Istio's are those of ${foreign.join(', ')}; their own webhooks don't run.`, '',
    `istiod's store held each of the ${stored} Istio objects as it was applied. A sidecar that the suite plays got from istiod the mode, for all ports and each port named, of ${servedPolicies} PeerAuthentications, and the TLS of ${servedRules} hosts and ports of DestinationRules, for which a Service was made.`, '',
    'The article\'s mistakes:', '',
    '| row | manifest | the cluster | because |', '|---|---|---|---|',
    ...mistakes.map(({ row, about, refused: is, because }) => `| ${row} | ${about} | ${is ? 'refuses it' : 'takes it'} | ${because} |`),
  ].join('\n');
}
