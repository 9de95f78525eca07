// What `istio-mtls explain` of one call costs among 11,000 objects, beside `check` of the same file: of a call that is sound, of
// broken ones that one change mends, for which several are tried, and that have many servers; and the memory that it takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, medians, wallOf } from './measure.mjs';

/** Of `check`; the memory is what `check` of 20,000 objects may take. */
const [OF_CHECK, MEGABYTES, TURNS] = [1.5, 600, 15];

/** Of the mesh's services every fourth has the same mistake. The agent has no sidecar and can have none. */
const CALLS = [
  { what: 'a sound call', names: ['ns-5/svc-5', 'ns-2/svc-2:80'] },
  { what: 'a call that a change mends', names: ['ns-5/svc-5', 'ns-0/svc-0:80'] },
  { what: 'a call for which several changes are tried', names: ['ns-5/agent', 'ns-2/svc-2:80'] },
  { what: 'a call of 100 servers that one change mends', names: ['ns-5/svc-5', 'ns-0/back:80'] },
  { what: 'a call of 100 servers that each need another', names: ['ns-5/agent', 'ns-0/back:80'] },
];

export function explain({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  const file = join(folder, 'mesh.yaml');
  const check = [command, 'check', '--fail-on', 'never', file];
  const explaining = (names) => [command, 'explain', ...names, file];
  try {
    writeFileSync(file, [meshYaml({ ports: 2, isFaulty: true }), ...added()].join('---\n'));
    const ms = medians({
      check: () => wallOf(check, root),
      ...Object.fromEntries(CALLS.map(({ what, names }) => [what, () => wallOf(explaining(names), root)])),
    }, { runs: TURNS });
    const checked = costOf(check, root);
    return CALLS.flatMap(({ what, names }) => {
      const { seconds, megabytes } = costOf(explaining(names), root);
      const ratio = ms[what] / ms.check;
      return [
        bound({
          what: `explain ${what}, among 11,000 objects`, value: ratio, most: OF_CHECK,
          text: `${ms[what].toFixed(0)} ms, check ${ms.check.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; processors ${seconds.toFixed(1)} s and ${checked.seconds.toFixed(1)} s`,
        }),
        bound({ what: `explain ${what}, memory`, text: `${megabytes.toFixed(0)} MB, check ${checked.megabytes.toFixed(0)} MB`, value: megabytes, most: MEGABYTES }),
      ].flat();
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A service of 100 workloads whose rule sends plaintext, and a client in its node's network. */
function added() {
  const parts = Array.from({ length: 100 }, (_, index) => deployment(`part-${index}`, 'ns-0', { labels: { app: `part-${index}`, tier: 'back' } }));
  return [
    ...parts,
    deployment('agent', 'ns-5', { labels: { app: 'agent' }, hostNetwork: true }),
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'back', namespace: 'ns-0' }, spec: { selector: { tier: 'back' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
    { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'back', namespace: 'ns-0' }, spec: { host: 'back', trafficPolicy: { tls: { mode: 'DISABLE' } } } },
  ].map((object) => `${JSON.stringify(object)}\n`);
}

function deployment(name, namespace, { labels, hostNetwork }) {
  const spec = { hostNetwork, containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] }] };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } };
}
