// What publint and attw (arethetypeswrong) say of the tarball: whether its package.json means what it says, and whether every
// way of resolving modules finds code and types that fit.
import { join } from 'node:path';
import { holds } from './checks.mjs';
import { Project } from './project.mjs';

/** Of 2026; a newer one may find more. */
const PUBLINT = 'publint@0.3.25';
const ATTW = '@arethetypeswrong/cli@0.18.5';

/** JSON without an ending, which jsii asks for by its path: not for imports. */
const NO_MODULE = '.jsii';

export async function linters(checks, { file, workspace }) {
  const project = new Project(join(workspace, 'linters'));
  await checks.check('publint finds neither errors nor warnings', () => {
    holds(project.run('npx', ['--yes', PUBLINT, '--strict', '--level', 'warning', file]), 'All good!');
  });
  await checks.check('attw finds no entry point without types that fit', () => {
    holds(project.run('npx', ['--yes', ATTW, file, '--exclude-entrypoints', NO_MODULE]), 'No problems found');
  });
}
