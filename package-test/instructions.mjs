// What README.md, docs/cli.md and docs/cli/check.md tell users to type, typed exactly so.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sameText } from './checks.mjs';
import { fences } from './docs.mjs';
import { Project } from './project.mjs';

/** The name of the checkout in the instructions. */
const CHECKOUT = 'cdk8s-istio-mtls';

/** The page with the example that the first command checks. */
const CHECK = 'docs/cli/check.md';
const EXAMPLE = '# istio-mtls check';

const type = (project, commands, options) => project.run('sh', ['-ec', commands], options);

/** The tarball that comes of following README.md in a clean checkout. */
export function packed({ root, workspace }) {
  const checkout = new Project(join(workspace, CHECKOUT));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  for (const file of listed.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    mkdirSync(dirname(checkout.path(file)), { recursive: true });
    copyFileSync(join(root, file), checkout.path(file));
  }
  type(checkout, fences(root, 'README.md', '## Install', 'sh')[0]);
  return checkout.path(readdirSync(checkout.folder).find((name) => name.endsWith('.tgz')));
}

/** In an empty folder beside the checkout. */
export async function instructions(checks, { root, file, workspace }) {
  const checkout = new Project(join(workspace, CHECKOUT));
  if (dirname(file) !== checkout.folder) copyFileSync(file, checkout.path(basename(file)));
  const folder = new Project(join(workspace, 'empty'));

  await checks.check('README.md: Install', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    sameText(type(folder, fences(root, 'README.md', '## Install', 'sh')[1]).trimEnd().split('\n').at(-1).split(' ')[0], version);
  });
  folder.write('dist/shop.k8s.yaml', fences(root, CHECK, EXAMPLE, 'yaml')[0]);
  await checks.check("docs/cli.md: its first command prints what the page says", () => {
    sameText(type(folder, fences(root, 'docs/cli.md', '# The command istio-mtls', '')[0], { status: 1 }), fences(root, CHECK, EXAMPLE, 'text')[0]);
  });
  await checks.check('README.md: You have YAML', () => {
    type(folder, "git init -q -b main . && git add dist && git -c user.name=t -c user.email=t@example.com commit -qm 'the mesh'");
    for (const command of fences(root, 'README.md', '## You have YAML', 'sh')[0].trim().split('\n')) type(folder, `${command} || [ $? -eq 1 ]`);
  });
}

/** The steps of a workflow in docs/cli/check.md, in an app that has the package. */
export async function workflow(checks, { root, app }) {
  const steps = fences(root, CHECK, '## In a GitHub workflow', 'yaml')[0].match(/(?<=- run: ).*/g);
  await checks.check('docs/cli/check.md: the steps of a workflow', () => {
    for (const step of steps) type(app, step);
    if (JSON.parse(app.read('mtls.sarif')).version !== '2.1.0') throw new Error('mtls.sarif is no SARIF 2.1.0');
  });
}
