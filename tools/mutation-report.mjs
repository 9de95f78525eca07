// Writes docs/mutation.md from Stryker's report, so that nobody types its numbers: `npx stryker run --force`, then this.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const REPORT = '.cache/stryker/report.json';
const PAGE = 'docs/mutation.md';
const ROOT = 'src/mesh/';

const { files, thresholds } = JSON.parse(readFileSync(REPORT, 'utf8'));
const mutants = Object.entries(files).flatMap(([path, file]) => file.mutants.map(({ status, static: isStatic }) => ({ folder: folderOf(path), status, isStatic })));

/** A mutant that doesn't load (RuntimeError) or is left out (Ignored) says nothing about the tests. */
function row(name, some) {
  const count = (...wanted) => some.filter(({ status }) => wanted.includes(status)).length;
  const [killed, timedOut, survived] = [count('Killed'), count('Timeout'), count('Survived', 'NoCoverage')];
  const score = (100 * (killed + timedOut) / (killed + timedOut + survived)).toFixed(1);
  return `| ${name} | ${killed + timedOut + survived} | ${killed} | ${timedOut} | ${survived} | ${count('RuntimeError', 'Ignored')} | ${score} % |`;
}

function folderOf(path) {
  const [folder, file] = path.slice(ROOT.length).split('/');
  return file === undefined ? `${ROOT}*.ts` : `${ROOT}${folder}/`;
}

const folders = [...new Set(mutants.map(({ folder }) => folder))].sort();
const unmeasured = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  .map(({ name }) => `${ROOT}${name}/`).filter((name) => !folders.includes(name)).sort();
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const measured = statSync(REPORT).mtime.toISOString().slice(0, 10);

writeFileSync(PAGE, `# Mutation testing of the mesh model

Line coverage says which lines the tests run, not what they notice. Stryker breaks \`src/mesh\` in small ways, one at a time, and runs \`test/mesh\` on each mutant. A mutant that no test notices survives. The score is the share of those that don't.

\`\`\`
npx stryker run --force
node tools/mutation-report.mjs
\`\`\`

The first fails when the score is below ${thresholds.break ?? 85} %. Without \`--force\` it runs again only what changed in the mutated files and the tests. \`npx stryker run --mutate 'src/mesh/client/**'\` takes one folder. The second writes this page.

Measured on ${measured}, commit ${commit}:

| folder | mutants | killed | hung | survived | not counted | score |
|---|---|---|---|---|---|---|
${folders.map((name) => row(name, mutants.filter(({ folder }) => folder === name))).join('\n')}
${row('**all**', mutants)}
${unmeasured.length > 0 ? `\n**Not measured yet**: ${unmeasured.join(', ')}.\n` : ''}
*Hung* counts as noticed. *Not counted* are mutants with which the program doesn't even load. None is left out beforehand: the ${mutants.filter(({ isStatic }) => isStatic).length} mutants of constants, which hold for all tests at once, run too.

A survivor is a test that is missing, code that isn't needed, or a mutant that means the same as the original. Delete what isn't needed rather than test it. \`tools/mutation\` runs the test files of a mutant together and stops at the first test that fails; jest alone would load the model anew for each file, and run them all.
`);
