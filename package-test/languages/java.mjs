// Java, from a folder that is laid out as a Maven repository.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from '../project.mjs';
import { objectsIn, sameObjects, samePrinted } from './outcome.mjs';

export async function java(checks, { root, workspace, packages, expected }) {
  const project = new Project(join(workspace, 'java'));
  // What Maven fetches stays out of the user's own repository: else these packages would be found there by the next run, and by others.
  const repository = join(workspace, 'm2');
  const env = { MAVEN_OPTS: `-Dmaven.repo.local=${repository} -Djava.io.tmpdir=${process.env.TMPDIR}` };

  const packed = await checks.check('Java: the package is packed, and cdk8s-plus, of which Maven Central has none', () => {
    packages.pack('java', '--maven-local-repository', repository);
    return packages.packDependency('cdk8s-plus-28', 'java', '--maven-local-repository', repository);
  });
  if (!packed) return;
  const compiled = await checks.check('Java: javac -Xlint:all finds nothing', () => {
    cpSync(join(root, 'examples', 'languages', 'java'), project.folder, { recursive: true });
    project.write('pom.xml', project.read('pom.xml').replace('  <dependencies>', `${packages.commands('### Java', 'xml')[0]}$&`));
    project.run('mvn', ['--batch-mode', '--quiet', 'compile'], { env });
    return true;
  });
  if (!compiled) return;
  await checks.check('Java: the program prints the same', () => samePrinted(project.run('sh', ['-ec', packages.commands('### Java')[0]], { env }), expected.printed));
  await checks.check('Java: it writes the same objects', () => sameObjects(objectsIn(project.path('dist')), expected.objects));
}
