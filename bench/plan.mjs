// What `istio-mtls plan` costs among 11,000 objects and 8 million connections: ten changed objects that are safe at once or in two
// stages, and ten that need policies between; and what namespaces that join the mesh at once cost, as many as its limit allows. With the
// memory that each takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOINING } from './growth/inputs/plans.mjs';
import { meshYaml } from './mesh.mjs';
import { bound, costOf, wallOf } from './measure.mjs';

const [SECONDS, MEGABYTES] = [20, 800];
/** How many namespaces of four workloads join the mesh at once, and what that may cost. */
const JOINED = [[16, 2, 200], [100, 6, 300], [400, 20, 600]];

export function plan({ root }) {
  return [changesAmongMany(root), ...JOINED.map(([count, seconds, megabytes]) => joining(root, count, seconds, megabytes))].flat();
}

function joining(root, count, seconds, megabytes) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const [before, after] = ['before.yaml', 'after.yaml'].map((name) => join(folder, name));
    writeFileSync(before, JOINING.before(count));
    writeFileSync(after, JOINING.make(count));
    const cost = costOf([join(root, 'bin', 'istio-mtls'), 'plan', before, after], root);
    const what = `plan ${count} namespaces that join the mesh at once`;
    return [
      bound({ what, text: `processors ${cost.seconds.toFixed(1)} s`, value: cost.seconds, most: seconds }),
      bound({ what: `${what}, memory`, text: `${cost.megabytes.toFixed(0)} MB`, value: cost.megabytes, most: megabytes }),
    ].flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function changesAmongMany(root) {
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
      ].flat();
    }).flat();
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
