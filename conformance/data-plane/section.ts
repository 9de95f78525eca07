// What docs/conformance.md says of meshes that were run.
import { sum, table } from '../connections/section';
import type { DataPlaneFacts } from './data-plane';

export function section(facts: DataPlaneFacts): string {
  const { istio, envoy, seed, meshes, calls, agreed, differences, as, undecided, apart, meshesWithoutReport } = facts;
  return `## A data plane

Random meshes run for real.

| | |
|---|---|
| seed | ${seed} |
| meshes run | ${meshes} |
| calls made | ${calls} |
| agreed | ${agreed} |
| called \`undecided\` by the model | ${sum(undecided)} |
| **differences** | **${differences}** |
| not compared | ${sum(apart)} |
| meshes that couldn't be run | ${sum(meshesWithoutReport)} |

${istio} ${envoy}

${table('agreed', 'calls', as)}

${table('undecided', 'calls', undecided)}

${table('apart', 'calls', apart)}
`;
}
