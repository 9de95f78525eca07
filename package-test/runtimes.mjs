// The same program under Node, tsx, Vitest, and in bundles of esbuild and webpack, each in a project of its own:
// what it prints must be the same to the byte.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { holds, sameText } from './checks.mjs';
import { WITHOUT_REQUIRE_OF_ESM as env, writeJavaScript, writeTypeScript } from './program.mjs';
import { Project } from './project.mjs';

const TSX = 'tsx@4.23.15';
const VITEST = ['vitest@4.1.12', 'vite@7.3.8'];
const ESBUILD = 'esbuild@0.28.2';
const WEBPACK = ['webpack@5.112.2', 'webpack-cli@7.3.1'];

/** Runs all. Gives what the program printed under Node, which all others are compared with. */
export async function runtimes(checks, { packages, workspace }) {
  const project = (name, ...tools) => {
    const made = new Project(join(workspace, name));
    made.write('package.json', '{"name":"mesh","private":true}');
    made.install(...packages, ...tools);
    return made;
  };
  const expected = await checks.check('node --no-experimental-require-module', () => node(project('node'))) ?? '(nothing, because it failed)\n';
  const same = (name, printed) => checks.check(name, () => sameText(printed(), expected));

  await checks.check('an object of every kind, and every violation by its code', () => everyKind(join(workspace, 'node'), expected));
  await checks.check('require of every module without require of ES modules', () => everyModule(new Project(join(workspace, 'node'))));
  await same('tsx, CommonJS', () => tsx(project('tsx', TSX)));
  await same('tsx, ES modules', () => tsx(new Project(join(workspace, 'tsx')), 'module'));
  await same('Vitest', () => vitest(project('vitest', ...VITEST)));
  await same('esbuild', () => esbuild(project('esbuild', ESBUILD)));
  await same('esbuild, minified', () => esbuild(new Project(join(workspace, 'esbuild')), '--minify'));
  await same('webpack', () => webpack(project('webpack', ...WEBPACK)));
  return expected;
}

function node(project) {
  writeJavaScript(project);
  return project.run('node', ['print.js'], { env });
}

/** The package's own list of kinds says what the program must have. */
function everyKind(folder, printed) {
  const { kinds } = JSON.parse(readFileSync(join(folder, 'node_modules', 'cdk8s-istio-mtls', 'lib', 'imports', 'schemas.json'), 'utf8'));
  for (const { kind, schema } of kinds) {
    holds(printed, `\nkind: ${kind}\n`);
    if (!JSON.stringify(schema).includes('x-kubernetes-validations')) continue;
    const [, code, told] = new RegExp(`^${kind}, expected (\\w+): (.*\\n.*)$`, 'm').exec(printed) ?? [];
    if (!code) throw new Error(`${kind} has rules in CEL; expected package-test/program/istio-kinds.ts to break one of them`);
    holds(told, `[${code}]`);
  }
}

/** Lazy modules too; the worker alone is no module, it runs when it is loaded. */
function everyModule(project) {
  project.write('every-module.js', `
    const { readdirSync } = require('node:fs');
    const { dirname, join } = require('node:path');
    const lib = join(dirname(require.resolve('cdk8s-istio-mtls/package.json')), 'lib');
    // A worker's first module, and what the report runs in a browser, aren't required by anybody.
    const others = ['admission-worker.js', join('report', 'page.js')];
    const modules = readdirSync(lib, { recursive: true }).filter((file) => file.endsWith('.js') && !others.some((other) => file.endsWith(other)));
    for (const file of modules) require(join(lib, file));
    for (const name of require('cdk8s-istio-mtls/package.json').bundledDependencies) require(require.resolve(name, { paths: [lib] }));
    console.log(modules.length);`);
  const count = Number(project.run('node', ['every-module.js'], { env }));
  if (!(count > 100)) throw new Error(`${count} modules were loaded; expected more than 100`);
}

function tsx(project, type = 'commonjs') {
  writeTypeScript(project);
  project.write('package.json', JSON.stringify({ ...JSON.parse(project.read('package.json')), type }));
  return project.run('npx', ['--no-install', 'tsx', 'print.ts'], { env });
}

function vitest(project) {
  writeTypeScript(project);
  project.write('mesh.test.ts', `
    import { writeFileSync } from 'fs';
    import { expect, test } from 'vitest';
    import { ISTIO_KINDS } from './istio-kinds';
    import { refusalOf, report } from './mesh';

    test('a mesh', () => writeFileSync('report.txt', report()));
    test.each(ISTIO_KINDS)('a faulty $kind', (istioKind) => expect(refusalOf(istioKind)).toContain('[' + istioKind.code + ']'));`);
  project.run('npx', ['--no-install', 'vitest', 'run'], { env });
  return project.read('report.txt');
}

function esbuild(project, ...options) {
  writeTypeScript(project);
  const warnings = project.run('npx', ['--no-install', 'esbuild', 'print.ts', '--bundle', '--platform=node', '--log-level=warning', '--outfile=bundle/print.js', ...options]);
  sameText(warnings, '');
  return alone(project, 'bundle/print.js');
}

function webpack(project) {
  writeJavaScript(project, ts.ModuleKind.ESNext);
  const printed = project.run('npx', ['--no-install', 'webpack', './print.js', '--mode', 'production', '--target', 'node20', '--output-path', 'bundle', '--output-filename', 'print.js', '--stats', 'errors-warnings', '--no-performance', '--no-color']);
  sameText(printed, 'webpack compiled successfully\n'); // with warnings of ours it would say so
  return alone(project, 'bundle/print.js');
}

/** A bundle is carried elsewhere: no package must be found from where it runs. */
function alone(project, bundle) {
  const elsewhere = new Project(`${project.folder}-bundle`);
  elsewhere.write('print.js', project.read(bundle));
  return elsewhere.run('node', ['print.js'], { env });
}
