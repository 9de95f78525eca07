// What `istio-mtls diff` costs: one DestinationRule among 11,000 objects changed, 8 million connections, beside `check` of the
// same file and a second read of it; and the memory that it takes, also where many objects changed and have no effect.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, side, wallOf } from './measure.mjs';

/** Of `check`, and the second read that comes on top: by the library, which is what reads for the command. */
const [OF_CHECK, MEGABYTES] = [1.5, 400];

export function diff({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  const [before, one, many] = ['before', 'one', 'many'].map((name) => join(folder, `${name}.yaml`));
  const run = (verb, ...files) => wallOf([command, verb, '--fail-on', 'never', ...files], root);
  const read = `require('./lib/src/manifests/manifests').readManifests(require('fs').readFileSync(${JSON.stringify(before)}, 'utf8'), 'x')`;
  const cost = (verb, ...files) => costOf([command, verb, '--fail-on', 'never', ...files], root);
  try {
    const yaml = meshYaml({ ports: 2 });
    let rule = 0;
    writeFileSync(before, yaml);
    writeFileSync(one, yaml.replace('mode: ISTIO_MUTUAL', 'mode: DISABLE'));
    writeFileSync(many, yaml.replace(/maxRequestsPerConnection: 100/g, (text) => (rule++ % 80 === 0 ? 'maxRequestsPerConnection: 99' : text)));
    const ms = side({ check: () => run('check', one), diff: () => run('diff', before, one), read: () => wallOf(['-e', read], root) }, { runs: 7 });
    const ratio = (ms.diff - ms.read) / ms.check;
    const [checked, compared, idle] = [cost('check', one), cost('diff', before, one), cost('diff', before, many)];
    const megabytes = [compared, idle].map((each) => each.megabytes);
    return [
      bound({
        what: 'diff 11,000 objects of which one changed', value: ratio, most: OF_CHECK,
        text: `istio-mtls diff ${ms.diff.toFixed(0)} ms, check ${ms.check.toFixed(0)} ms, a second read ${ms.read.toFixed(0)} ms, ratio without the read ${ratio.toFixed(2)}; processors ${compared.seconds.toFixed(1)} s and ${checked.seconds.toFixed(1)} s`,
      }),
      bound({ what: 'diff, memory for one changed object, and for 25 without effect', text: megabytes.map((most) => `${most.toFixed(0)} MB`).join(', '), value: Math.max(...megabytes), most: MEGABYTES }),
    ].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
