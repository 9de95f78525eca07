// What `istio-mtls explain` of one call costs among 11,000 objects, beside `check` of the same file: of a call that is sound, of one
// that a change mends, and of one for which changes are tried in vain; and the memory that it takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, medians, wallOf } from './measure.mjs';

/** Of `check`; the memory is what `check` of twice as many objects may take. */
const [OF_CHECK, MEGABYTES, TURNS] = [1.5, 600, 15];

/** By the service that is called: each has a mistake of its own, or none. */
const CALLS = [
  { what: 'a sound call', service: 'ns-2/svc-2:80' },
  { what: 'a call that a change mends', service: 'ns-0/svc-0:80' },
  { what: 'a call that no change mends', service: 'ns-1/svc-1:80' },
];

export function explain({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  const file = join(folder, 'mesh.yaml');
  const check = [command, 'check', '--fail-on', 'never', file];
  const explaining = (service) => [command, 'explain', 'ns-5/svc-5', service, file];
  try {
    writeFileSync(file, meshYaml({ ports: 2, isFaulty: true }));
    const ms = medians({
      check: () => wallOf(check, root),
      ...Object.fromEntries(CALLS.map(({ what, service }) => [what, () => wallOf(explaining(service), root)])),
    }, { runs: TURNS });
    const checked = costOf(check, root);
    return CALLS.map(({ what, service }) => {
      const { seconds, megabytes } = costOf(explaining(service), root);
      const ratio = ms[what] / ms.check;
      return [
        bound({
          what: `explain ${what} among 11,000 objects`, value: ratio, most: OF_CHECK,
          text: `${ms[what].toFixed(0)} ms, check ${ms.check.toFixed(0)} ms, ratio ${ratio.toFixed(2)}; processors ${seconds.toFixed(1)} s and ${checked.seconds.toFixed(1)} s`,
        }),
        bound({ what: `explain ${what}, memory`, text: `${megabytes.toFixed(0)} MB, check ${checked.megabytes.toFixed(0)} MB`, value: megabytes, most: MEGABYTES }),
      ].every(Boolean);
    }).every(Boolean);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
