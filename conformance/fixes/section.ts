import type { FixFacts } from './fixes';

/** The section of docs/conformance.md, from the facts of one run. */
export function section(facts: FixFacts): string {
  const { istio, seed, meshes, fixes, admitted, deleted, unjudgedObjects, unjudgedMeshes, connections, better, differences, rules } = facts;
  const byCode = Object.entries(rules).sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    '## Fixes', '',
    `Findings in random meshes (seed ${seed}) give changes of YAML. Each changed object goes to the API server and istiod's webhook, and the changed mesh to istiod (\`istio.io/istio ${istio}\`): the object must be admitted, every connection of the changed mesh be what the model makes of it (unless it wasn\'t before, which is a difference above), and none that istiod judges before and after be worse. Of no rule more than a tenth of the fixes are tried. Changes undone must show, and a misspelt mode be refused.`, '',
    '| | |', '|---|---|',
    `| meshes | ${meshes} |`,
    `| fixes tried | ${fixes} |`,
    `| changed and added objects admitted | ${admitted} |`,
    `| objects deleted | ${deleted} |`,
    `| objects that are refused unchanged, too | ${unjudgedObjects} |`,
    `| connections of changed meshes agreed | ${connections} |`,
    `| fixes by which istiod lets some call arrive or protects it better | ${better} |`,
    `| changed meshes without a verdict | ${unjudgedMeshes} |`,
    `| **fixes refused, differing or making something worse** | **${differences}** |`, '',
    '| rule | fixes |', '|---|---|',
    ...byCode.map(([code, count]) => `| ${code} | ${count} |`),
  ].join('\n');
}
