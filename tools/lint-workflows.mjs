// Holds the workflows, those that docs/ shows, and the scripts of the action to actionlint, which is a Go program, and to
// shellcheck where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as yaml from 'js-yaml';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const root = fileURLToPath(new URL('..', import.meta.url));
/** Below the checkout, so that actionlint finds the action that they use. */
const scratch = join(root, '.cache', 'workflows');

/** The workflows in a page's fences. */
function workflowsIn(page) {
  return [...readFileSync(join(root, page), 'utf8').matchAll(/^```ya?ml\n([^]*?)^```$/gm)].map(([, text]) => text).filter((text) => /^jobs:/m.test(text) && /^on:/m.test(text));
}

/** A workflow that uses the action with all its inputs, and has its scripts as steps of its own: only those are looked into. */
function workflowOfAction() {
  const { inputs, runs } = yaml.load(readFileSync(join(root, 'action.yml'), 'utf8'));
  const use = { uses: './', with: Object.fromEntries(Object.keys(inputs).map((name) => [name, 'x'])) };
  const scripts = runs.steps.map(({ shell, run, env }) => ({ shell, run, env: Object.fromEntries(Object.keys(env).map((name) => [name, 'x'])) }));
  return yaml.dump({ on: 'pull_request', jobs: { action: { 'runs-on': 'ubuntu-latest', 'steps': [use, ...scripts] } } });
}

const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const written = new Map([['action.yml', workflowOfAction()], ...pages.flatMap((page) => workflowsIn(page).map((text, index) => [`${page}.${index}.yml`, text]))]);

rmSync(scratch, { recursive: true, force: true });
for (const [name, text] of written) {
  mkdirSync(dirname(join(scratch, name)), { recursive: true });
  writeFileSync(join(scratch, name), text);
}
const own = readdirSync(join(root, '.github', 'workflows')).map((name) => join(root, '.github', 'workflows', name));
const files = [...own, ...[...written.keys()].map((name) => join(scratch, name))];
const { status, error } = spawnSync('go', ['run', ACTIONLINT, ...files], { cwd: root, stdio: 'inherit' });
if (error) throw error;
console.log(`${files.length} workflows: ${status === 0 ? 'nothing found' : 'see above'}`);
process.exitCode = status === 0 && written.size > 1 ? 0 : 1;
