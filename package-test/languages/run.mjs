// Packs the package for each language, installs it in an empty project, type-checks examples/languages there and runs it:
// npm run languages. Needs an installed checkout (npm ci), the languages' registries, and what the language needs:
// Python 3.10 with venv; a JDK 17 with Maven; Go 1.25.
//
//   npm run languages                   TypeScript, Python, Java and Go
//   npm run languages -- python java    these, beside TypeScript, which says what the others must write
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { go } from './go.mjs';
import { java } from './java.mjs';
import { Packages } from './packages.mjs';
import { python } from './python.mjs';
import { typescript } from './typescript.mjs';
import { Checks } from '../checks.mjs';

const LANGUAGES = { typescript, python, java, go };

const root = fileURLToPath(new URL('../..', import.meta.url));
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(LANGUAGES, name));
if (unknown.length > 0) throw new Error(`'${unknown.join("', '")}' is none of ${Object.keys(LANGUAGES).join(', ')}`);

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'languages-')));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
process.once('exit', () => rmSync(workspace, { recursive: true, force: true }));
mkdirSync(join(workspace, 'tmp'));
process.env.TMPDIR = join(workspace, 'tmp'); // where jsii's runtimes unpack themselves
process.env.JSII_RUNTIME_PACKAGE_CACHE = 'disabled';

const checks = new Checks();
const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const packages = new Packages({ root, workspace, versions: { 'cdk8s-istio-mtls': version, ...devDependencies } });
const about = { root, workspace, packages };

const compiled = await checks.check('the package is compiled, and its examples are translated', () => packages.compile());
const expected = compiled && await typescript(checks, about);
if (expected) {
  for (const [name, run] of Object.entries(LANGUAGES)) {
    if (name !== 'typescript' && (positionals.length === 0 || positionals.includes(name))) await run(checks, { ...about, expected });
  }
}
console.log(checks.total());
process.exitCode = checks.failed === 0 && checks.passed > 0 ? 0 : 1;
