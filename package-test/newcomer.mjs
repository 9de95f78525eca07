// The way of a newcomer, from an empty folder, as docs/getting-started.md has it: install, the first check of Istio's Bookinfo, the
// first finding, diff and fix; then the README's app, the shop with declared calls, their first failing synths, and a fix.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { holds, sameText } from './checks.mjs';
import { fences } from './docs.mjs';
import { Project } from './project.mjs';

const require = createRequire(import.meta.url);
require('../conformance/typescript.js');
const { istiosBookinfo, likeBookinfo } = require('../test/support/meshes/bookinfo.ts');
const { stepsOf } = require('../tools/page-steps.cjs');

const IDENTITY = { GIT_AUTHOR_NAME: 'newcomer', GIT_AUTHOR_EMAIL: 'newcomer@example.com', GIT_COMMITTER_NAME: 'newcomer', GIT_COMMITTER_EMAIL: 'newcomer@example.com' };
const RULE = "new Destination(shop, 'ratings-clients', { host: 'ratings', tls: ClientTls.disable() });";

/** @param {string} workspace has the checkout that was packed, beside which the folder is made */
export async function newcomer(checks, { root, workspace }) {
  const page = readFileSync(join(root, 'docs', 'getting-started.md'), 'utf8');
  const folder = new Project(join(workspace, 'newcomer'));
  const installed = await checks.check('a newcomer installs the package in an empty folder', () => {
    typed(folder, fences(root, 'README.md', '## Install', 'sh')[1]);
    return true;
  });
  if (!installed) return;

  const bookinfo = istiosBookinfo();
  await checks.check(`a newcomer with YAML: ${bookinfo ? "Istio's Bookinfo" : 'a mesh like Bookinfo, without Go'}`, () => {
    folder.write('mesh/bookinfo.yaml', bookinfo ?? likeBookinfo());
    for (const step of stepsOf(page, '## With YAML')) take(folder, step);
  });
  await checks.check('a newcomer with cdk8s', () => withCdk8s(folder, { root, page }));
}

/** The steps of the page, then the rule that stops the synth, then what mends it. */
function withCdk8s(folder, { root, page }) {
  const [app] = fences(root, 'README.md', '## You have a cdk8s app', 'ts');
  folder.write('main.ts', app);
  const steps = stepsOf(page, '## With cdk8s');
  for (const step of steps) take(folder, step);
  withDeclaredCalls(folder, steps);

  holds(page, RULE.slice(0, -1));
  const changed = (rule) => app.replace('{ MtlsAnalysis', '{ ClientTls, Destination, MtlsAnalysis').replace('app.synth();', `${rule}\napp.synth();`);
  folder.write('main.ts', changed(RULE));
  holds(typed(folder, 'npx --no-install cdk8s synth 2>&1', { status: 1 }), '[MTLS101]');
  sameText(String(existsSync(folder.path('dist/shop.k8s.yaml'))), 'false');
  folder.write('main.ts', changed(RULE.replace('disable', 'istioMutual')));
  typed(folder, 'npx --no-install cdk8s synth');
  holds(folder.read('dist/shop.k8s.yaml'), 'mode: ISTIO_MUTUAL');
}

/** The page's shop, which its last steps synthesized: its Services are closed, and what breaks a declared call stops the synth. */
function withDeclaredCalls(folder, steps) {
  const { text } = steps.filter(({ file }) => file === 'main.ts').at(-1);
  for (const name of ['cart', 'orders']) holds(folder.read('dist/shop.k8s.yaml'), `name: ${name}-callers`);
  holds(folder.read('dist/shop.k8s.yaml'), 'calls.istio-mtls/to: shop/cart, shop/orders');
  const broken = text.replace('{ Calls,', '{ Calls, ClientTls, Destination,')
    .replace('app.synth();', "new Destination(shop, 'cart-clients', { host: 'cart', tls: ClientTls.disable() });\napp.synth();");
  folder.write('main.ts', broken.replace('MtlsAnalysis.attach(app);', ''));
  holds(typed(folder, 'npx --no-install cdk8s synth 2>&1', { status: 1 }), '[API855]');
}

function take(folder, { file, text, command, printed }) {
  if (file) return folder.write(file, text);
  const out = typed(folder, `${command} || [ $? -eq 1 ]`);
  return printed ? sameText(out, printed) : undefined;
}

function typed(folder, commands, options) {
  return folder.run('sh', ['-ec', commands], { env: IDENTITY, ...options });
}
