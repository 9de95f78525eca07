// Go, from modules in folders beside the project.
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sameText } from '../checks.mjs';
import { Project } from '../project.mjs';
import { noTypeScript, objectsIn, sameObjects, samePrinted } from './outcome.mjs';

/** Modules of cdk8s that not every proxy serves, by the folder in which they are made here. */
const OF_CDK8S = {
  cdk8s: 'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2',
  cdk8splus28: 'github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2',
};

export async function go(checks, { root, workspace, packages, expected }) {
  const project = new Project(join(workspace, 'go'));
  const modules = await checks.check('Go: the module is generated, and those of cdk8s and cdk8s-plus', () => {
    for (const name of ['cdk8s', 'cdk8s-plus-28']) packages.packDependency(name, 'go', '--code-only');
    return packages.pack('go', '--code-only');
  });
  if (!modules) return;
  await checks.check('Go: its docs show Go', () => {
    const folder = join(modules, 'cdk8sistiomtls');
    noTypeScript(readdirSync(folder).filter((name) => /\.(go|md)$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8')));
  });

  cpSync(join(root, 'examples', 'languages', 'go'), project.folder, { recursive: true });
  const printed = await checks.check('Go: the program runs', () => {
    project.run('go', ['mod', 'edit', ...Object.entries(OF_CDK8S).map(([folder, name]) => `-replace=${name}=${join(modules, folder)}`)]);
    return project.run('sh', ['-ec', packages.commands('### Go')[0]]);
  });
  if (printed === undefined) return;
  await checks.check('Go: the program prints the same', () => samePrinted(printed, expected.printed));
  await checks.check('Go: it writes the same objects', () => sameObjects(objectsIn(project.path('dist')), expected.objects));
  await checks.check('Go: go vet finds nothing', () => project.run('go', ['vet', './...']));
  await checks.check('Go: gofmt finds nothing', () => sameText(project.run('gofmt', ['-l', '.']), ''));
}
