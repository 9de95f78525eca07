// The hooks of .pre-commit-hooks.yaml, run by pre-commit on a repository of a user, whose configuration is the one that
// docs/pipeline.md shows.
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { holds } from './checks.mjs';
import { fences } from './docs.mjs';
import { Project } from './project.mjs';

/** Of 2026. */
const PRE_COMMIT = 'pre-commit==4.7.0';

const POLICY = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';
const REFUSED = POLICY.replace('mode', 'mod');

/** @param {string} workspace has the project `node`, where the package is installed */
export async function preCommit(checks, { root, workspace }) {
  const hooks = new Project(join(workspace, 'hooks'));
  const user = new Project(join(workspace, 'pre-commit'));
  const environment = { PRE_COMMIT_HOME: join(workspace, 'pre-commit-home'), PRE_COMMIT_COLOR: 'never', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const program = join(workspace, 'python', 'bin', 'pre-commit');
  const committed = (project) => {
    project.run('git', ['add', '--all'], { env: environment });
    project.run('git', ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.org', 'commit', '--quiet', '--message', 'files', '--no-verify'], { env: environment });
    return project.run('git', ['rev-parse', 'HEAD'], { env: environment }).trim();
  };
  const run = (status) => user.run(program, ['run', '--all-files', '--verbose'], { env: environment, status });

  const ready = await checks.check('pre-commit: install it, and make repositories', () => {
    hooks.run('python3', ['-m', 'venv', join(workspace, 'python')]);
    hooks.run(join(workspace, 'python', 'bin', 'pip'), ['install', '--quiet', PRE_COMMIT]);
    for (const project of [hooks, user]) project.run('git', ['init', '--quiet'], { env: environment });
    copyFileSync(join(root, '.pre-commit-hooks.yaml'), hooks.path('.pre-commit-hooks.yaml'));
    const shown = fences(root, 'docs/pipeline.md', '## Before a commit', 'yaml')[0];
    user.write('.pre-commit-config.yaml', shown.replace('https://github.com/OWNER/cdk8s-istio-mtls', hooks.folder).replace('VERSION', committed(hooks)));
    user.write('.gitignore', 'node_modules\n');
    mkdirSync(user.path('node_modules'), { recursive: true });
    cpSync(join(workspace, 'node', 'node_modules'), user.path('node_modules'), { recursive: true, verbatimSymlinks: true });
    user.write('manifests/policy.yaml', POLICY);
    user.write('values.yaml', 'not: a manifest\n');
    committed(user);
    return true;
  });
  if (!ready) return;
  await checks.check('pre-commit: both hooks pass on a sound mesh, and leave other files alone', () => {
    const printed = run(0);
    for (const name of ['validate', 'check']) holds(printed, `istio-mtls ${name}`);
    holds(printed, '1 object in 1 file');
  });
  await checks.check('pre-commit: both fail on an object that an API server refuses', () => {
    user.write('manifests/policy.yaml', REFUSED);
    const printed = run(1);
    for (const id of ['istio-mtls-validate', 'istio-mtls-check']) holds(printed, `hook id: ${id}\n- duration`);
    holds(printed, 'ADMIT201');
  });
}
