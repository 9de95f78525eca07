// Writes docs/mutation.md from Stryker's report, so that nobody types its numbers: `npx stryker run --force`, then this.
// Folders that the report doesn't have keep their line, with the commit at which it was measured. Of a run of a share, give
// the same MUTATION_SHARE here. What follows `## Notes` in the page is written by hand, and stays.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const REPORT = '.cache/stryker/report.json';
const PAGE = 'docs/mutation.md';
const ROOT = 'src/mesh/';
const COUNTS = ['killed', 'hung', 'survived', 'not counted'];

const { files, thresholds } = JSON.parse(readFileSync(REPORT, 'utf8'));
const mutants = Object.entries(files).flatMap(([path, file]) => file.mutants
  .filter(({ statusReason = '' }) => !statusReason.startsWith('not of share'))
  .map(({ status }) => ({ folder: folderOf(path), status })));
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const measured = [statSync(REPORT).mtime.toISOString().slice(0, 10), commit, ...process.env.MUTATION_SHARE ? [`share ${process.env.MUTATION_SHARE}`] : []].join(', ');

function folderOf(path) {
  const [folder, file] = path.slice(ROOT.length).split('/');
  return file === undefined ? `${ROOT}*.ts` : `${ROOT}${folder}/`;
}

/** A mutant that doesn't load (RuntimeError) or is left out (Ignored) says nothing about the tests. */
function counted(folder) {
  const count = (...wanted) => mutants.filter((mutant) => mutant.folder === folder && wanted.includes(mutant.status)).length;
  return { counts: [count('Killed'), count('Timeout'), count('Survived', 'NoCoverage'), count('RuntimeError', 'Ignored')], measured };
}

/** The lines of the page as it is: its folders' counts, and when they were measured. */
function linesOf(page) {
  return [...page.matchAll(/^\| (src\/mesh\/\S*) \| \d+ \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| [\d.]+ % \| (.+) \|$/gm)]
    .map(([, folder, ...rest]) => [folder, { counts: rest.slice(0, COUNTS.length).map(Number), measured: rest[COUNTS.length] }]);
}

function notesOf(page) {
  const from = page.indexOf('\n## Notes\n');
  return from < 0 ? '' : page.slice(from);
}

function row(name, { counts, measured: when }) {
  const [killed, hung, survived] = counts;
  const total = killed + hung + survived;
  return `| ${[name, total, ...counts, `${(100 * (killed + hung) / total).toFixed(1)} %`, when].join(' | ')} |`;
}

const present = [`${ROOT}*.ts`, ...readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `${ROOT}${name}/`)];
const lines = new Map([...linesOf(readFileSync(PAGE, 'utf8')), ...mutants.map(({ folder }) => [folder, counted(folder)])]);
const folders = present.filter((folder) => lines.has(folder)).sort();
const unmeasured = present.filter((folder) => !lines.has(folder)).sort();
const all = { counts: COUNTS.map((_, index) => folders.reduce((sum, folder) => sum + lines.get(folder).counts[index], 0)), measured: '' };

writeFileSync(PAGE, `# Mutation testing of the mesh model

Line coverage shows which lines the tests run, not which mistakes they catch. Stryker breaks \`src/mesh\` in small ways, one at a time, and runs on each mutant \`test/mesh\` and those tests of \`test/analysis\` that look for findings in manifests. A mutant that no test catches survives. The score is the share of caught mutants.

\`\`\`
npx stryker run --force
node tools/mutation-report.mjs
\`\`\`

The first command fails if the score is below ${thresholds.break ?? 85} %. Without \`--force\`, it runs only what changed in the mutated files and the tests. \`npx stryker run --mutate 'src/mesh/policies/**'\` runs one folder and keeps the results of the others. The second writes this page; folders that were not run keep their line.

With \`MUTATION_SHARE=1/12\` in the environment of both, only a twelfth of the functions, methods and constants is broken, chosen by their text; all twelve shares together cover everything. The last column shows which lines were measured that way: their score is an estimate.

| folder | mutants | ${COUNTS.join(' | ')} | score | measured |
|---|---|---|---|---|---|---|---|
${folders.map((folder) => row(folder, lines.get(folder))).join('\n')}
${row('**all**', all)}
${unmeasured.length > 0 ? `\n**Not measured yet**: ${unmeasured.join(', ')}.\n` : ''}
*Hung* mutants count as caught. *Not counted* are mutants with which the program doesn't load. None is excluded beforehand: mutants of constants, which affect all tests at once, run too.

A survivor means a missing test, unneeded code, or a mutant that is equivalent to the original. Delete unneeded code instead of testing it. \`tools/mutation\` runs the test files of a mutant together and stops at the first failure; jest alone would load the model again for each file, and run them all.
${notesOf(readFileSync(PAGE, 'utf8'))}`);
