// What a check of one small file costs, beside Node doing nothing: the first one of a machine, and one for which the compiled
// command is kept. Medians, in turns.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bound, medians, wallOf } from './measure.mjs';
import { meshYaml } from './mesh.mjs';

const RUNS = 21;
/** How often the command runs until its code is kept: the first run leaves a note, the second the code. */
const UNTIL_KEPT = 2;

export function start({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'one.yaml');
  const [cold, kept] = ['cold', 'kept'].map((name) => join(folder, name));
  const check = (cache) => wallOf([join(root, 'bin', 'istio-mtls'), 'check', '--fail-on', 'never', file], root, { NODE_DISABLE_COMPILE_CACHE: '', XDG_CACHE_HOME: cache, LOCALAPPDATA: cache, HOME: cache });
  try {
    writeFileSync(file, meshYaml({ services: 0, namespaces: 0, policies: 1 }));
    mkdirSync(kept);
    for (let run = 0; run < UNTIL_KEPT; run += 1) check(kept);
    const ms = medians({
      node: () => wallOf(['-e', '0'], root),
      first: () => {
        rmSync(cold, { recursive: true, force: true });
        mkdirSync(cold);
        return check(cold);
      },
      later: () => check(kept),
    }, { runs: RUNS });
    const ratio = (what, time, most) => bound({ what, text: `${time.toFixed(0)} ms, node -e 0 ${ms.node.toFixed(0)} ms, ratio ${(time / ms.node).toFixed(2)}`, value: time / ms.node, most });
    return [ratio('check of one object, the first time', ms.first, 2.2), ratio('check of one object, later', ms.later, 1.7)].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
