// Installs the package as users do and runs it there: npm run package-test. Needs an installed checkout (npm ci) and
// the npm registry.
//
//   npm run package-test                      packs the checkout as README.md says
//   npm run package-test -- --tarball FILE    takes a tarball that was packed before
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Checks } from './checks.mjs';
import { image } from './image.mjs';
import { instructions, packed } from './instructions.mjs';
import { lines } from './lines.mjs';
import { newcomer } from './newcomer.mjs';
import { linters } from './linters.mjs';
import { preCommit } from './pre-commit.mjs';
import { runtimes } from './runtimes.mjs';
import { tarball } from './tarball.mjs';
import { templateApp } from './template-app.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values } = parseArgs({ options: { tarball: { type: 'string' } } });

const checks = new Checks();
const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'package-test-')));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));

const file = values.tarball ? resolve(values.tarball) : await checks.check('npm pack in a clean checkout, as README.md says', () => packed({ root, workspace }));
if (file) {
  const packages = [file, `cdk8s@${devDependencies.cdk8s}`, `constructs@${devDependencies.constructs}`];
  const expected = await runtimes(checks, { packages, workspace });
  await tarball(checks, { root, workspace });
  await linters(checks, { file, workspace });
  await image(checks, { root, file, workspace });
  await preCommit(checks, { root, workspace });
  await templateApp(checks, { root, packages, workspace, expected });
  await lines(checks, { root, file, workspace });
  await instructions(checks, { root, file, workspace });
  await newcomer(checks, { root, workspace });
}
console.log(checks.total());
process.exitCode = checks.failed === 0 && checks.passed > 0 ? 0 : 1;
