// One app with workloads of every line of cdk8s-plus that users have, on the oldest cdk8s that the package takes and on the newest: the
// objects of Istio must be the same in all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sameText } from './checks.mjs';
import { Project } from './project.mjs';

/** Nobody adds to this line any more, and it is downloaded most. */
const FROZEN = 28;

/** From here on all lines that npm serves. */
const FIRST = 32;

/** Installs each pairing in a project of its own, and runs the app there. */
export async function lines(checks, { root, file, workspace }) {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const oldest = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range.replace('^', '')}`);
  const newest = Object.keys(peerDependencies).map((name) => `${name}@latest`);
  const served = await checks.check('lines of cdk8s-plus that npm serves', () => servedLines(new Project(join(workspace, 'lines')))) ?? [];
  const pairings = served.flatMap((line) => [[line, 'the oldest cdk8s', oldest], [line, 'the newest cdk8s', newest]]);
  let expected;
  for (const [line, name, cdk8s] of pairings) {
    await checks.check(`cdk8s-plus-${line} on ${name}`, () => {
      const project = new Project(join(workspace, `line-${line}-${name.split(' ')[1]}`));
      project.write('package.json', '{"name":"app","private":true}');
      project.install(file, `cdk8s-plus-${line}`, ...cdk8s);
      project.write('app.js', readFileSync(new URL('lines-app.cjs', import.meta.url), 'utf8'));
      const printed = project.run('node', ['app.js', `cdk8s-plus-${line}`]);
      expected ??= printed;
      sameText(printed, expected);
    });
  }
}

function servedLines(project) {
  const served = [FROZEN];
  for (let line = FIRST; isServed(project, line); line++) served.push(line);
  if (served.length < 3) throw new Error(`npm serves ${served.length - 1} lines from ${FIRST} on; expected two at least`);
  return served;
}

function isServed(project, line) {
  return project.run('sh', ['-c', `npm view cdk8s-plus-${line} version 2>/dev/null || true`]).trim() !== '';
}
