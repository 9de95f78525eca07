import { Command } from 'commander';
import { dateOption } from '../../program/settings';
import { VerbContext } from '../../program/verb';
import { addMigrationVerb, listOption } from '../migration/run';

const HELP = `
The plan leads from the current state to one in which servers are STRICT. Callers that this would cut off keep working:
the plan removes a rule, adds a sidecar or leaves a port PERMISSIVE. If auto mTLS is off, it turns it on in the mesh
config's ConfigMap, or adds rules with ISTIO_MUTUAL instead.

With --calls, the plan uses measured calls: FILE is the Prometheus response to the query that istio-mtls queries plaintext
prints. A client that sent plaintext keeps working, as if its manifest named the call. A server keeps its mode if
unidentified callers send it plaintext, or if its proxies weren't scraped throughout.
`;

/** `istio-mtls plan to-strict`: the stages after which servers accept only mutual TLS. */
export function planToStrictVerb(plan: Command, context: VerbContext): void {
  const verb = addMigrationVerb(plan, context, {
    name: 'to-strict',
    mode: 'STRICT',
    description: 'Plans how servers come to accept only mutual TLS, in stages that never break a connection.',
    help: HELP,
    examples: [
      'istio-mtls plan to-strict cluster.yaml',
      'istio-mtls plan to-strict --scope shop/web --accept-possible cluster.yaml --out plan/',
      'curl -fsS "$PROMETHEUS/api/v1/query" --data-urlencode "query=$(istio-mtls queries plaintext)" > calls.json',
      'istio-mtls plan to-strict --calls calls.json cluster.yaml',
    ],
  });
  verb
    .addOption(listOption('--calls <file>',
      'the Prometheus response to the query of istio-mtls queries plaintext; may be repeated, one per Prometheus'))
    .addOption(listOption('--accept-unknown <namespace[/workload]>',
      'with --calls, accept unknown callers of these servers; may be repeated'))
    .addOption(dateOption('the age of measurements'));
}
