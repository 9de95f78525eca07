import { sampleMeshes } from './generators/mesh';
import { judgedMeshes } from './connections/judging';
import { ConnectionJudge } from './node/connection-judge';
import { modelIn, modelled, admittedOf } from './connections/comparing';
import { compareConfigs } from './connections/proxy-config';
void (async () => {
  const judge = new ConnectionJudge();
  const [seed, n] = process.argv.slice(2).map(Number);
  let compared = 0, uncompared = 0, m = 0; const words: Record<string, [number, string]> = {};
  for await (const { mesh, verdict } of judgedMeshes(judge, sampleMeshes(seed, n))) {
    if (verdict.error) continue; m++;
    const found = compareConfigs(modelled(modelIn(), admittedOf(mesh, verdict)), verdict);
    compared += found.compared; uncompared += found.uncompared;
    for (const d of found.differences) { const known = words[d.words]; words[d.words] = known ? [known[0] + 1, known[1]] : [1, `${mesh.id} ${d.text}`]; }
  }
  judge.close();
  console.log({ m, compared, uncompared });
  for (const [w, [c, t]] of Object.entries(words).sort((a, b) => b[1][0] - a[1][0]).slice(0, 14)) console.log(`\n${c}: ${w}\n${t}`);
})();
