// Whom a real sidecar lets in, by what the constructs for callers and end users emit, written to recorded/callers.json:
//   node conformance callers
// Needs what the part `data-plane` needs, curl, and a compiled lib/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missing } from './data-plane/ability';
import { policySets, type PolicySet } from './data-plane/policy-sets';
import type { Probe } from './data-plane/report';
import { MeshRunner } from './data-plane/runner';
import { calls, scenario, workload } from './data-plane/scenarios';
import { libraryModule } from './library';
import { ENVOY_VERSION } from './node/envoy';
import { RefereeUnavailable } from './node/go-binary';
import { main } from './node/main';
import { istioVersion } from './node/module-version';

/** Two clients with certificates, and one in plaintext, each in HTTP and TCP. */
const PROBES: readonly Probe[] = ['shop/client', 'shop/other', 'legacy/client'].flatMap((client) => calls(client, 'shop', 'http', 'tcp'));

export interface CallerFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly sets: readonly (PolicySet & {
    readonly calls: readonly { readonly client: string; readonly kind: Probe['kind']; readonly passed: boolean }[];
  })[];
}

/** The probes of a set, those in HTTP to its own Service if it has one. */
function probesOf({ service }: PolicySet): readonly Probe[] {
  if (!service) return PROBES;
  const requested = { host: `${service.metadata.name}.shop.svc.cluster.local`, port: service.spec.ports[0].port };
  return PROBES.map((probe) => (probe.kind === 'http' ? { ...probe, requested } : probe));
}

async function callsUnder(runner: MeshRunner, set: PolicySet): Promise<CallerFacts['sets'][number]> {
  const objects = [...workload('shop/other'), ...set.policies, ...set.service ? [set.service] : []];
  const { mesh, probes, ends } = scenario(set.name, objects, probesOf(set));
  const { error, notRun, refused, symptoms: seen = [] } = await runner.run({ ...mesh, probes, ends });
  if (error || notRun.length > 0 || refused.length > 0 || seen.length < probes.length) {
    throw new Error(`${set.name}: ${error ?? JSON.stringify({ notRun, refused, seen: seen.length })}`);
  }
  return { ...set, calls: seen.map(({ client: { namespace, name }, kind, exit, status }) => ({ client: `${namespace}/${name}`, kind, passed: passed(kind, exit, status) })) };
}

/** A refused request is answered with 403, a refused connection is closed; all else is no answer of a policy. */
function passed(kind: Probe['kind'], exit: number, status: number | undefined): boolean {
  if (kind === 'tcp') return exit === 0;
  if (exit !== 0 || (status !== 200 && status !== 403)) throw new Error(`curl ends with ${exit}, and status ${status}`);
  return status === 200;
}

void main(async () => {
  const lacking = missing();
  if (lacking) throw new RefereeUnavailable(`meshes can't run here: ${lacking}`);
  const runner = new MeshRunner();
  try {
    const sets = policySets({
      ...libraryModule('constructs/authorization/allowed-callers'),
      ...libraryModule('constructs/authorization/caller'),
      ...libraryModule('constructs/authorization/calls'),
      ...libraryModule('constructs/authorization/default-deny'),
      ...libraryModule('constructs/authorization/required-token'),
      ...libraryModule('constructs/networking/services'),
      ...libraryModule('constructs/pods'),
    });
    const facts: CallerFacts = { istio: istioVersion(), envoy: ENVOY_VERSION, sets: await Promise.all(sets.map((set) => callsUnder(runner, set))) };
    const file = join(__dirname, 'recorded', 'callers.json');
    writeFileSync(file, `${JSON.stringify(facts, undefined, 2)}\n`);
    console.log(file);
  } finally {
    runner.close();
  }
});
