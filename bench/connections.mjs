// What `istio-mtls connections` of one client and `istio-mtls explain` of one call cost among 11,000 objects whose 100 namespaces aren't
// shown: each connection is decided in eleven worlds.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meshYaml } from './mesh.mjs';
import { bound, costOf } from './measure.mjs';

const [SECONDS, MEGABYTES, TURNS] = [8, 400, 3];

export function connections({ root }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'mesh.yaml');
  const runs = { 'connections of one client': ['connections', '--client', 'ns-1/svc-1', '-o', 'csv', file], 'explain a call': ['explain', 'ns-1/svc-1', 'ns-2/svc-2:80', file] };
  try {
    writeFileSync(file, meshYaml({ showsNamespaces: false }));
    return Object.entries(runs).map(([verb, args]) => {
      const costs = Array.from({ length: TURNS }, () => costOf([join(root, 'bin', 'istio-mtls'), ...args], root));
      const [seconds, megabytes] = ['seconds', 'megabytes'].map((figure) => Math.min(...costs.map((cost) => cost[figure])));
      const what = `${verb}, among 11,000 objects without their 100 Namespaces`;
      return [
        bound({ what, text: `processors ${seconds.toFixed(1)} s`, value: seconds, most: SECONDS }),
        bound({ what: `${what}, memory`, text: `${megabytes.toFixed(0)} MB`, value: megabytes, most: MEGABYTES }),
      ].flat();
    }).flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
