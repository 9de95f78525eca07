// What docs/conformance.md says of manifests without some Namespaces.
import type { PartialFacts } from './partial';
import { seedsIn, sum, table } from '../connections/section';

export function section(facts: PartialFacts): string {
  const { istio, seeds, meshes, partialMeshes, connections, agreed, bothUndecided, undecided, differences, unjudged } = facts;
  const { meshesWithoutVerdict, unsteady, completions, leftOut, conditional, lost } = facts;
  return `## Namespaces that aren't in the manifests

Where manifests don't contain a Namespace, the model decides a connection both ways: its branches say what holds if pods there have sidecars, and if they have none. Of random meshes one, some or all of the Namespaces with pods are left out, and the model makes the branches of what is left. istiod (\`istio.io/istio ${istio}\`) judges the completed meshes: with the label \`istio-injection: enabled\` on each Namespace, without labels, and, of several Namespaces, with the label on every other one. The branch whose conditions hold there must say of the connection what istiod does; a branch that is undecided must have a reason. Pods ask for themselves by labels, too: \`sidecar.istio.io/inject\` and \`istio.io/rev\`, whose revisions count as installed.

| | |
|---|---|
| seeds | ${seedsIn(seeds)} |
| meshes without some of their Namespaces | ${partialMeshes} |
| completions judged | ${meshes} (${Object.entries(completions).map(([name, number]) => `${number} ${name}`).join(', ')}) |
| connections judged | ${connections} |
| agreed in all three | ${agreed} |
| neither decides: the manifests hold no server, or none that is modelled | ${bothUndecided} |
| called \`undecided\` by the model alone, with a reason | ${sum(undecided)} |
| undecided in the branch that holds, and decided by the model where it knows the Namespaces | ${lost} |
| **differences** | **${differences}** |
| connections that the referee can't judge, never counted as agreement | ${unjudged} |
| completions without a verdict, after a second try | ${sum(meshesWithoutVerdict)} |
| completions to which istiod gave another answer when it was asked again, and then the model's | ${unsteady.length} |

Of the connections judged, ${sum(conditional)} depend on a Namespace that was left out. By the outcome of the branch that holds, \`absent\` being a server that calls don't reach there:

${table('outcome', 'connections', conditional)}

${table('Namespaces left out', 'meshes', leftOut, Object.entries)}
`;
}
