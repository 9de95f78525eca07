// What `istio-mtls plan` costs among 11,000 objects and 8 million connections: ten changed objects that are safe at once or in two
// stages, and ten that need policies between; with the memory that it takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, wallOf } from './measure.mjs';

const [SECONDS, MEGABYTES] = [20, 800];

export function plan({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const command = join(root, 'bin', 'istio-mtls');
  const [before, ordered, bridged] = ['before', 'ordered', 'bridged'].map((name) => join(folder, `${name}.yaml`));
  try {
    const documents = meshYaml({ ports: 2 }).split('---\n');
    writeFileSync(before, documents.join('---\n'));
    writeFileSync(ordered, changed(documents, 'PERMISSIVE'));
    writeFileSync(bridged, changed(documents, 'DISABLE'));
    return [['two stages', ordered], ['policies between', bridged]].map(([what, file]) => {
      const seconds = Math.min(...[1, 2, 3].map(() => wallOf([command, 'plan', before, file], root))) / 1000;
      const cost = costOf([command, 'plan', before, file], root);
      return [
        bound({ what: `plan 10 changed objects of 11,000, ${what}`, text: `${seconds.toFixed(1)} s, processors ${cost.seconds.toFixed(1)} s`, value: seconds, most: SECONDS }),
        bound({ what: `plan, ${what}, memory`, text: `${cost.megabytes.toFixed(0)} MB`, value: cost.megabytes, most: MEGABYTES }),
      ].every(Boolean);
    }).every(Boolean);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Five services whose clients are to send plaintext, since their policies ask for less. */
function changed(documents, mode) {
  return documents.map((text) => {
    if (!/name: svc-[0-4]\n/.test(text)) return text;
    if (text.includes('kind: DestinationRule')) return text.replace('mode: ISTIO_MUTUAL', 'mode: DISABLE');
    return text.includes('kind: PeerAuthentication') ? text.replace('mode: STRICT', `mode: ${mode}`) : text;
  }).join('---\n');
}
