// What docs/conformance.md says of clients and servers of two states.
import type { MixedFacts } from './mixed';
import { seedsIn, sum, table } from '../connections/section';

export function section(facts: MixedFacts): string {
  const { istio, seeds, meshes, connections, agreed, bothUndecided, undecided, differences, unjudged } = facts;
  const { meshesWithoutVerdict, unsteady, unchanged, otherwise, brokenBetween, changes } = facts;
  return `## Clients and servers of two states

While a change is on its way, a client's proxy may still have the configuration of before, and its server's the one of after, or the other way round. Random meshes are changed: one to six PeerAuthentications, DestinationRules or only their subsets, VirtualServices, Sidecars, EnvoyFilters, ServiceEntries and ports of Services are added, removed or changed, while the same pods and WorkloadEntries run. An istiod (\`istio.io/istio ${istio}\`) pushes the first state to the clients, another one the second to the servers: names, addresses, listeners, routes, clusters and endpoints are those of the first, inbound listeners those of the second. What is added is younger than all that was there, unless its manifest says when it was made. Of each connection the model must say the same as for one state, and of the calls that it can't judge the referee says so as above.

The referee is held to fixtures of two states, too, and must say of two states that are the same what it says of one mesh.

| | |
|---|---|
| seeds | ${seedsIn(seeds)} |
| pairs of states judged | ${meshes} |
| connections judged | ${connections} |
| agreed in all three | ${agreed} |
| neither decides: the manifests hold no server, or none that is modelled | ${bothUndecided} |
| called \`undecided\` by the model alone, with a reason that an object of one of the states gives | ${sum(undecided)} |
| **differences** | **${differences}** |
| connections that the referee can't judge, never counted as agreement | ${unjudged} |
| pairs without a verdict, after a second try | ${sum(meshesWithoutVerdict)} |
| pairs to which istiod gave another answer when it was asked again, and then the model's | ${unsteady.length} |
| meshes judged the same as one state and as two that are the same | ${unchanged} |

That states do differ, the model counts: ${otherwise.clients} connections fare otherwise than where all is of the clients' state, ${otherwise.servers} otherwise than where all is of the servers', ${otherwise.both} otherwise than in either, and ${brokenBetween} are broken that are in neither state.

${table('change', 'objects', changes)}
`;
}
