// What docs/conformance.md says of connections.
import type { ConnectionFacts } from './connections';
import { MOST, type UndecidedShare } from './undecided-share';
import type { Counts } from './verdicts';

const ELSEWHERE: Readonly<Record<string, string>> = {
  'the host resolves to no address': 'calls/connections',
  'hostNetwork': 'workloads/injection',
  'no manifest says where the host\'s name leads': 'services/service',
  'a proxy that is no sidecar': 'calls/connections',
  'the client\'s or server\'s namespace isn\'t in the manifests': 'workloads/injection',
  'traffic that iptables leave out': 'workloads/workloads',
  'names that a rule demands of the server': 'dataplane/client-tls',
  'routes that the client\'s Envoy refuses': 'dataplane/sidecar/outbound-routes',
  'a WorkloadEntry in a namespace that istiod doesn\'t watch': 'services/service',
  'a clash of protocols on the client\'s listener': 'services/service',
  'a gateway to another network': 'workloads/networks',
  'names that the client\'s pod resolves itself': 'workloads/pod-template-own-names',
  'copies of requests, which were sent to no address': 'routes/virtual-service-mirrors',
  'a cipher suite that Envoy doesn\'t know': 'calls/doubts-of-mesh-config',
};

export function section(facts: ConnectionFacts): string {
  const { plain, istio, seeds, meshes, connections, agreed, bothUndecided, differences, unsteady, ours, features } = facts;
  const { called, undecided, unjudged, unjudgedBecause, meshesWithoutVerdict } = facts;
  const lost = sum(meshesWithoutVerdict);
  return `## Connections

A generator (\`conformance/generators\`) makes random meshes, small and full of objects that meet, hide and contradict each other. istiod's own config generator and Istio's traffic simulator (\`istio.io/istio ${istio}\`) compute for each connection which TLS the client sends, which mode the server enforces, and the outcome. The model must agree on all three.

| | |
|---|---|
| seeds | ${seedsIn(seeds)} |
| meshes judged | ${meshes} |
| connections judged | ${connections} |
| agreed in all three | ${agreed} |
| neither decides: the manifests hold no server, or none that is modelled | ${bothUndecided} |
| called \`undecided\` by the model alone, with a reason | ${sum(undecided)} |
| **differences** | **${differences}** |
| connections that the referee can't judge, never counted as agreement | ${unjudged} |
| meshes without a verdict, after a second try | ${lost} |
| meshes to which istiod gave another answer when it was asked again, and then the model's | ${unsteady.length} |

The referee itself is first tested against fixtures: each shows one fact about Istio.
${configText(facts)}
### Undecided

Of the model's ${ours} connections, ${sum(called)} are \`undecided\`. "Alone" counts those to which the referee had an answer.${plainText(plain)}

| reason | connections | alone |
|---|---|---|
${sorted({ ...zeros(undecided), ...called }).map(([reason, number]) => `| ${reason} | ${number} | ${undecided[reason] ?? 0} |`).join('\n')}

### What the referee can't judge

Here istiod's answer isn't the network's, or there is none. The model's answers are held to tests of their own.

Which pods get a sidecar, and which sidecar, istiod's config generator doesn't say: the injector does, a webhook of its own, and iptables and the kubelet do the rest. The referee has code of its own for that (\`conformance/internal/injection\`), written after Istio's charts and injector, so that what it and the model both get wrong isn't seen: who is injected, what makes a sidecar somebody's own, what a container that runs as user 1337 sends, and names that a pod resolves itself. The ConfigMap and the webhooks of an injector that isn't as the charts have it are in no generated mesh; \`test/mesh/config\` holds them. Where sidecars answer DNS requests, istiod's generator is asked with the addresses that its controller would give ServiceEntries, since the controller itself doesn't run here. Likewise it is told which namespaces' ServiceEntries the mesh config confines, by istiod's own matcher.

| what | connections | tested in |
|---|---|---|
${sorted(unjudgedBecause).map(([what, number]) => `| ${what} | ${number} | ${ELSEWHERE[what] ? `\`test/mesh/${ELSEWHERE[what]}.test.ts\`` : ''} |`).join('\n')}

${lost === 0 ? 'Every mesh got a verdict.' : `Meshes that got none:\n\n${table('because', 'meshes', meshesWithoutVerdict)}`}

### What the meshes held

${table('feature', 'meshes', features, Object.entries)}
`;
}

/** What explain names of the proxies' configuration; nothing of facts that were recorded before it was compared. */
function configText({ configs }: Partial<Pick<ConnectionFacts, 'configs'>>): string {
  if (!configs) return '';
  return `
What [explain](explain.md) names of both proxies' configuration was held against istiod's own at ${configs.compared} places, a place being a client, a call and a server: the client's listener, route configuration and cluster, the cluster's SNI, ALPN, TLS versions and names of the server, and the filter chain, cluster and TLS versions of the server. ${configs.uncompared} places are left out, since only one side decides them, or the referee can't tell all of them.
`;
}

/** What is left open where nothing is but modelled. */
function plainText({ meshes, connections, alone }: UndecidedShare): string {
  const share = (100 * alone / connections).toFixed(1);
  return ` Of the ${connections} connections of the ${meshes} meshes without objects that aren't modelled (routes and policies of the Gateway API, EnvoyFilters, networks) these are ${share} %, not counting destinations that aren't in the manifests. At most ${MOST * 100} % may be, and since a mesh's connections are undecided together and their share differs from one thousand meshes to the next (1.5 to 3.2 %), a run fails when two standard errors below its share are still more. Of the other meshes, what is undecided for the sake of such an object must be within its reach.`;
}

export function seedsIn(seeds: ConnectionFacts['seeds']): string {
  const [{ seed: first, meshes }] = seeds;
  const { seed: last } = seeds[seeds.length - 1];
  const alike = seeds.every((one, index) => one.seed === first + index && one.meshes === meshes);
  return alike && seeds.length > 1 ? `${first} to ${last}, ${meshes} meshes each` : seeds.map((one) => `${one.seed} (${one.meshes} meshes)`).join(', ');
}

export function table(left: string, right: string, counts: Counts, entriesOf: (counts: Counts) => [string, number][] = sorted): string {
  const rows = entriesOf(counts).map(([name, number]) => `| ${name} | ${number} |`);
  return rows.length === 0 ? 'None.' : [`| ${left} | ${right} |`, '|---|---|', ...rows].join('\n');
}

function zeros(counts: Counts): Counts {
  return Object.fromEntries(Object.keys(counts).map((name) => [name, 0]));
}

/** The largest first. */
function sorted(counts: Counts): [string, number][] {
  return Object.entries(counts).sort(([one, first], [other, second]) => second - first || (one < other ? -1 : 1));
}

export function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, number) => total + number, 0);
}
