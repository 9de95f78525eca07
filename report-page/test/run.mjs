// Looks at reports in a real Chromium: npm run report-test. Needs Chromium and openssl; --screenshots FOLDER keeps what it sees.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKS, View } from './checks.mjs';
import { Browser, chromium } from './chromium.mjs';
import { CLOSER_CHECKS } from './closer.mjs';
import { FAULTS } from './faults.mjs';
import { writeReports } from './reports.mjs';

const { values: { screenshots, only = '' } } = parseArgs({ options: { screenshots: { type: 'string' }, only: { type: 'string' } } });
const program = chromium();
if (!program) {
  console.error('No Chromium was found; expected one in the path. Fix: apt-get install chromium, or name its program in CHROMIUM.');
  process.exit(2);
}
if (screenshots) mkdirSync(screenshots, { recursive: true });

const counts = { passed: 0, failed: 0 };

async function check(name, hold) {
  if (!name.includes(only)) return;
  const from = performance.now();
  try {
    const told = await hold();
    counts.passed++;
    console.log(`ok    ${name} (${Math.round(performance.now() - from)} ms)${told === undefined ? '' : `: ${told}`}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
const browser = new Browser(program);
try {
  const reports = writeReports(folder);
  for (const [name, file] of Object.entries(reports)) await lookAt(name, file);
  for (const fault of FAULTS) await findFault(fault, reports);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** All that must hold of a report; what the page complains of comes last. */
async function lookAt(name, file) {
  const view = await viewOf(name, file);
  if (screenshots) view.shoot = async (how) => writeFileSync(join(screenshots, `${name.replaceAll(' ', '-')}-${how}.png`), await view.page.screenshot());
  const closer = CLOSER_CHECKS.filter(([of]) => of === name).map(([, what, hold]) => [what, hold]);
  const checks = Object.entries(CHECKS);
  for (const [what, hold] of [...checks.slice(0, -1), ...closer, checks.at(-1)]) await check(`${name}: ${what}`, () => hold(view));
  await view.page.close();
}

/** The check that is named must fail at a report with the fault. */
async function findFault([what, of, breakIt, by], reports) {
  await check(`self-test: ${what} is found`, async () => {
    const hold = CHECKS[by] ?? CLOSER_CHECKS.find(([, name]) => name === by)[2];
    const html = readFileSync(reports[of], 'utf8');
    const broken = breakIt(html);
    if (broken === html) throw new Error('the fault changes nothing');
    const file = join(folder, 'broken.html');
    writeFileSync(file, broken);
    const view = await viewOf(of, file);
    try {
      if (by.startsWith('no complaint')) await view.at();
      const passed = await Promise.resolve().then(() => hold(view)).then(() => true, (error) => error.message);
      if (passed === true) throw new Error(`"${by}" passes`);
      return passed.slice(0, 140).replaceAll('\n', ' ');
    } finally {
      await view.page.close();
    }
  });
}

async function viewOf(name, file) {
  const page = await browser.open();
  await page.look();
  return new View(page, name, file);
}
