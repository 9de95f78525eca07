// TypeScript, from npm.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectsIn } from './outcome.mjs';
import { fileIn } from './packages.mjs';
import { Project } from '../project.mjs';

const OPTIONS = ['--strict', '--module', 'commonjs', '--target', 'es2022', '--ignoreConfig', '--types', 'node'];

/** What the program in TypeScript writes and prints: all others must do the same. */
export async function typescript(checks, { root, workspace, packages }) {
  const project = new Project(join(workspace, 'typescript'));
  const installed = await checks.check('TypeScript: the package is packed and installed', () => {
    const tarball = fileIn(packages.pack('js'), '.tgz');
    project.install(tarball, ...['cdk8s', 'constructs', 'cdk8s-plus-28', 'typescript', '@types/node'].map((name) => packages.pinned(name)));
    copyFileSync(join(root, 'examples', 'languages', 'typescript', 'main.ts'), project.path('main.ts'));
    return true;
  });
  if (!installed) return undefined;
  await checks.check('TypeScript: tsc --strict finds nothing', () => project.run('npx', ['--no-install', 'tsc', ...OPTIONS, 'main.ts']));
  return checks.check('TypeScript: the program runs', () => {
    const printed = project.run('node', ['main.js']);
    const objects = objectsIn(project.path('dist'));
    if (objects.length < 8 || !printed.includes('[MTLS101]')) throw new Error(`${objects.length} objects, and this was printed:\n${printed}`);
    return { objects, printed };
  });
}
