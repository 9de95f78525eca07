// What docs/conformance.md says of meshes that were run.
import type { DataPlaneFacts } from './data-plane';
import { sum, table } from '../connections/section';

export function section(facts: DataPlaneFacts): string {
  const { istio, envoy, seed, meshes, written, unsteady, calls, agreed, differences, decided, shown, unshown } = facts;
  const { as, undecided, apart, meshesWithoutReport, notRun } = facts;
  return `## A data plane

istiod's config generator and the simulator only say what Envoy would do. So random meshes are run, on one machine: each pod is a network namespace with its own address, in which Istio's own program (\`istio.io/istio/tools/istio-iptables\` of \`istio.io/istio ${istio}\`) has written the rules by which calls meet the sidecar. The sidecar is Envoy ${envoy}, with the listeners, routes, clusters and endpoints that istiod generates for it, and a certificate of the pod's service account, signed by an authority made for the run. A router between the pods does what kube-proxy does for the addresses of Services. Applications are real: clients that speak HTTP, lines of text, or TLS of their own, and servers that answer each with what arrived.

Of each host and port every pod calls each address, in each way in which an application may talk there, up to three times, HTTP with requests that routes tell apart. Each call is compared with the model's connections: by what the router saw (the first bytes of every connection that left the client's pod tell plaintext, TLS, and TLS that names Istio's protocols), by what the server's application says of it, and by what the client's was told. A call that arrives must be a connection of the model to that server, whose outcome and client TLS are what was on the wire; a call that fails must be one that the model calls broken.

| | |
|---|---|
| seed | ${seed} |
| meshes run | ${meshes} |${written === undefined ? '' : `
| of these, written by hand for names and addresses of the cluster, each of which has to show its connections | ${written} |`}
| calls made | ${calls} |
| agreed | ${agreed} |
| called \`undecided\` by the model | ${sum(undecided)} |
| **differences** | **${differences}** |
| not made, or not compared | ${sum(apart)} |
| connections that the model decides, of clients that ran | ${decided} |
| of these, shown by a call | ${shown} |
| meshes that differed, and not when they ran again | ${unsteady} |
| meshes that couldn't be run | ${sum(meshesWithoutReport)} |

${table('of the others', 'connections', unshown)}

${table('agreed: client TLS, server mode, outcome', 'calls', as)}

### What isn't compared

Never counted as agreement. Objects that aren't modelled (routes and policies of the Gateway API, EnvoyFilters) are in none of these meshes.

${table('undecided by the model', 'calls', undecided)}

${table('not made, or not compared', 'calls', apart)}

${table('workloads whose proxies weren\'t run', 'workloads', notRun)}

### What it leaves unproved

Upstream Envoy lacks Istio's own filters, which are taken out of the configuration: metadata exchange, statistics, and the one that names HTTP in the client's ALPN (\`istio.alpn\`), so that a server's port without a declared protocol takes HTTP in mutual TLS for TCP. Configuration is static, so that a sidecar whose Envoy refuses a part of it (two routes for one domain, an unknown cipher suite) isn't run at all: names of certificates and routes are replaced by what istiod's agent and istiod answer to them, and a name that Envoy would resolve by what the cluster's DNS holds. Gateways, ambient mode and several networks aren't run, and the proxies of machines neither. Everything outside the mesh is one host that takes any address, whose certificates are signed by the authority that \`SIMPLE\` and \`MUTUAL\` trust.
`;
}
