// How much of what `check` says of public repositories and charts is worth its line, how many of their connections are decided, and
// how many of the mistakes planted into Istio's samples it finds: against docs/noise.md. `--program PATH` measures another state's
// command. Needs Go, and a compiled lib/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { istioModule } from './generators/objects/samples';
import { main } from './node/main';
import { jsonOf } from './noise/command';
import { type Conditional, conditionalIn, differingRows } from './noise/conditional';
import { type Checked, corpus } from './noise/corpus';
import { type Decided, DECIDED_HEADINGS, decidedIn, decidedRow, inThousands, sumOf } from './noise/decided';
import { isNoise, type Line, linesIn } from './noise/lines';
import { plantedIn } from './noise/planted';

const ROOT = join(__dirname, '..');

interface Measured {
  readonly checked: Checked;
  readonly lines: readonly Line[];
  readonly conditional: readonly Conditional[];
  /** Undefined if no connection is possible. */
  readonly decided: Decided | undefined;
}

void main(() => {
  const { program } = parseArgs({ options: { program: { type: 'string', default: join(ROOT, 'bin', 'istio-mtls') } } }).values;
  const page = readFileSync(join(ROOT, 'docs', 'noise.md'), 'utf8');
  const measured = corpus().map((checked) => measuredIn(checked, program));
  const planted = plantedIn(join(istioModule().Dir, 'samples'), program);
  for (const { folder, name, found } of planted) console.log(`${folder}: ${name}: ${found.join(', ') || 'not found'}`);
  const found = `${planted.filter((one) => one.found.length > 0).length} of ${planted.length} planted mistakes are found`;
  const expected = [...lineTable(measured), ...decidedTable(measured), conditionalLine(measured), found];
  for (const text of expected) console.log(text);
  const all = measured.flatMap(({ lines }) => lines);
  const noise = all.filter(isNoise).length;
  console.log(`${noise} of ${all.length} lines are noise, ${Math.round((100 * noise) / all.length)} %.`);
  const missing = expected.filter((text) => !page.includes(`${text}\n`)).length;
  const differing = differingRows(page, measured.flatMap(({ conditional }) => conditional));
  const fewer = measured.filter(({ decided }) => decided !== undefined && decided.always < decided.before.decided);
  for (const row of differing) console.log(`Conditional findings: ${row}`);
  for (const { checked } of fewer) console.log(`${checked.name}: fewer connections are decided in every case than without looking at the cases.`);
  const difference = `docs/noise.md lacks ${missing} of these texts, and differs in ${differing.length} rows of conditional findings.`;
  console.log(missing + differing.length === 0 ? 'docs/noise.md says the same.' : difference);
  return missing + differing.length + fewer.length === 0 ? 0 : 1;
});

function measuredIn(checked: Checked, program: string): Measured {
  const report = jsonOf('check', checked, program);
  // The text tells old API versions once a run, whatever their number.
  const lines = linesIn(report, checked.folder)
    .filter((line, index, all) => line.code !== 'ADMIT108' || all.findIndex(({ code }) => code === 'ADMIT108') === index);
  const hasConnections = report.connections.connections > 0;
  const decided = hasConnections ? decidedIn(report, jsonOf('connections', checked, program, '--format', '2').connections) : undefined;
  return { checked, lines, conditional: conditionalIn(checked.name, report), decided };
}

function lineTable(measured: readonly Measured[]): string[] {
  const row = (name: string, version: string, lines: readonly Line[]) => {
    const noise = lines.filter(isNoise).length;
    return `| ${name} | ${version} | ${lines.length} | ${lines.length - noise} | ${noise} |`;
  };
  const rows = measured.map(({ checked: { name, version }, lines }) => row(name, version.replace(/^v0\.0\.0-(\d{8})\d+-(\w{7}).*/, '$1-$2'), lines));
  return [...rows, row('all', '', measured.flatMap(({ lines }) => lines)).replace('|  |', '| |')];
}

/** The whole table as one text, so that no row of the page is left over, and what is said of it. */
function decidedTable(measured: readonly Measured[]): string[] {
  const rows = measured.flatMap(({ checked, decided }) => (decided === undefined ? [] : [{ name: checked.name, decided }]));
  const sum = sumOf(rows.map(({ decided }) => decided));
  const header = [`| folder or chart | ${DECIDED_HEADINGS.join(' | ')} |`, `|---${'|---'.repeat(DECIDED_HEADINGS.length)}|`];
  return [
    [...header, ...rows.map(({ name, decided }) => decidedRow(name, decided)), decidedRow('all', sum)].join('\n'),
    `- ${measured.length - rows.length} of the ${measured.length} folders and charts have no possible connection, and no row.`,
    `- ${inThousands(sum.inSomeCases)} of the undecided connections are decided in some of the cases.`,
  ];
}

function conditionalLine(measured: readonly Measured[]): string {
  const shown = measured.flatMap(({ lines }) => lines).filter(({ isConditional }) => isConditional);
  const unexpected = measured.flatMap(({ conditional }) => conditional).reduce((total, one) => total + one.unexpected, 0);
  return `Conditional findings: ${shown.length} shown, of which ${shown.filter(isNoise).length} noise; ${unexpected} not shown.`;
}
