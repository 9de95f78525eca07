// How much of what `check` says of public repositories and charts is worth its line, and how many of the mistakes planted into
// Istio's samples it finds: against docs/noise.md. `--program PATH` measures another state's command. Needs Go, and a compiled lib/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { istioModule } from './generators/objects/samples';
import { main } from './node/main';
import { corpus } from './noise/corpus';
import { isNoise, linesOf } from './noise/lines';
import { plantedIn } from './noise/planted';

const ROOT = join(__dirname, '..');

void main(() => {
  const { program } = parseArgs({ options: { program: { type: 'string', default: join(ROOT, 'bin', 'istio-mtls') } } }).values;
  const page = readFileSync(join(ROOT, 'docs', 'noise.md'), 'utf8');
  const total = { lines: 0, noise: 0 };
  const rows = corpus().map(({ name, version, ...checked }) => {
    // The text tells old API versions once a run, whatever their number.
    const lines = linesOf(checked, program).filter((line, index, all) => line.code !== 'ADMIT108' || all.findIndex(({ code }) => code === 'ADMIT108') === index);
    const noise = lines.filter(isNoise).length;
    total.lines += lines.length;
    total.noise += noise;
    return `| ${name} | ${version.replace(/^v0\.0\.0-(\d{8})\d+-(\w{7}).*/, '$1-$2')} | ${lines.length} | ${lines.length - noise} | ${noise} |`;
  });
  rows.push(`| all | | ${total.lines} | ${total.lines - total.noise} | ${total.noise} |`);
  const planted = plantedIn(join(istioModule().Dir, 'samples'), program);
  for (const { folder, name, found } of planted) console.log(`${folder}: ${name}: ${found.join(', ') || 'not found'}`);
  const found = `${planted.filter((one) => one.found.length > 0).length} of ${planted.length} planted mistakes are found`;
  const missing = [...rows, found].filter((line) => !page.includes(line));
  for (const row of rows) console.log(row);
  console.log(found);
  console.log(`${total.noise} of ${total.lines} lines are noise, ${Math.round((100 * total.noise) / total.lines)} %.`);
  console.log(missing.length === 0 ? 'docs/noise.md says the same.' : `docs/noise.md lacks ${missing.length} of these lines.`);
  return missing.length === 0 ? 0 : 1;
});
