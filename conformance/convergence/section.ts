// What docs/conformance.md says of plans that were carried out on a data plane.
import type { PlanRun, Seen } from './carried-out';
import type { ConvergenceFacts } from './convergence';
import { sum } from '../connections/section';

export function section({ envoy, seed, times, plans, unsteady, plansWithoutReport }: ConvergenceFacts): string {
  const [inStages, meanwhile, atOnce] = (['inStages', 'meanwhile', 'atOnce'] as const).map((name) => totalOf(plans, name));
  const pushes = plans.reduce((total, one) => total + one.pushes, 0);
  const breaking = plans.filter(({ atOnce: seen }) => fallen(seen) > 0).length;
  const examples = (shows: PlanRun['example']) => plans.filter(({ example }) => example === shows).length;
  return `## Plans on a data plane

\`istio-mtls plan\` says that nothing breaks in a stage, whichever proxies have which of its changes, and that something does if all is changed at once. Both are tried on the data plane above, with sidecars that get another configuration while calls are made. Three changes are written by hand: PERMISSIVE to STRICT while a rule with DISABLE goes, DISABLE to STRICT, and a route that goes to another subset. The others are changes of random meshes, of PeerAuthentications, DestinationRules, VirtualServices and Sidecars, those that are unsafe at once and for which there are stages, each proven.

Envoy ${envoy} takes its listeners, clusters, routes and endpoints from files that it watches, made of istiod's configuration for each state. Another file takes the place of the former by a rename, clusters first, then endpoints, listeners and routes, as istiod sends them; Envoy's statistics tell when a sidecar has all of it. In a stage each sidecar gets its configuration at another time, in a random order: first that of a random subset of the stage's changes, then all of them. After each push every call is made of which the plan promises something: those that work before and after the whole change, by the model and for real, must arrive, and be encrypted as at the worse of both ends; those that are refused at both ends, since a server is STRICT, must not be let in. The plan is made so, and taken back from its last stage to its first. Then come the same changes at once: ${times} times each sidecar gets a random one of some subsets of all changes. Last comes what the plan names as an example of what breaks: it must.

| | |
|---|---|
| seed | ${seed} |
| plans carried out, and taken back | ${plans.length} |
| configurations pushed to a sidecar in their stages | ${pushes} |
| calls in the stages, once a sidecar had what was pushed | ${inStages.calls} |
| **broken, or less protected** | **${fallen(inStages)}** |
| calls that a STRICT server refuses before and after, made in the stages | ${inStages.refused} |
| **let in** | **${inStages.letIn}** |
| calls at once | ${atOnce.calls} |
| broken, or less protected | ${fallen(atOnce)} (${percent(fallen(atOnce), atOnce.calls)}) |
| plans of which some call broke at once, with sidecars at random | ${breaking} of ${plans.length} |
| plans whose own example broke | ${examples('broke')} of ${plans.length - examples('not made')}; ${examples('not made')} can't be made here |
| calls while a sidecar took what was pushed | ${meanwhile.calls} |
| broken, or less protected, then | ${fallen(meanwhile)} (${percent(fallen(meanwhile), meanwhile.calls)}) |
| plans of which something broke, and not when they were carried out again | ${unsteady} |
| plans that couldn't be carried out | ${sum(plansWithoutReport)} |

| change | stages | sidecars | pushes | calls in stages | broken | calls at once | broken | its example |
|---|---|---|---|---|---|---|---|---|
${plans.map(rowOf).join('\n')}

### What this leaves unproved

Each call is a connection of its own: a sidecar makes one for each request and sends none again, since an earlier connection, or another try at another server, would hide one that fails. Connections that are open while a listener changes aren't watched. No pods start or end, no Service, ServiceEntry or mesh config changes, and each workload has one pod. What is told of the data plane above holds here, too.

While a sidecar takes a configuration it has the new clusters and the old listeners for some milliseconds, since Envoy gets the types of resources one after the other, as from istiod. A call may meet it then and fail, whatever the stages are: where a Sidecar changes what a sidecar knows, or which ports it serves, the old listeners lead to clusters that are gone. Few calls of a run are made in such a moment, in many runs none. A plan can't help that, and these calls are counted apart.
`;
}

function rowOf({ change, stages, sidecars, pushes, inStages, atOnce, example }: PlanRun): string {
  return `| ${[change, stages, sidecars, pushes, inStages.calls, fallen(inStages), atOnce.calls, fallen(atOnce), example].join(' | ')} |`;
}

function totalOf(plans: readonly PlanRun[], part: 'inStages' | 'meanwhile' | 'atOnce'): Seen {
  return plans.map((one) => one[part]).reduce((one, other) => ({
    calls: one.calls + other.calls,
    broken: one.broken + other.broken,
    exposed: one.exposed + other.exposed,
    refused: one.refused + other.refused,
    letIn: one.letIn + other.letIn,
  }));
}

function fallen({ broken, exposed }: Seen): number {
  return broken + exposed;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${(100 * part / whole).toFixed(1)} %`;
}
