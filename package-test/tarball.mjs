// What the tarball holds, and what it brings into a project: the command, its pages, the bindings.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { holds, sameText } from './checks.mjs';
import { Project } from './project.mjs';

const WANTED = ['LICENSE', 'README.md', 'bin', 'docs', 'lib', 'node_modules', 'package.json'];

/** @param {string} workspace has the project `node`, where the package is installed */
export async function tarball(checks, { root, workspace }) {
  const project = new Project(join(workspace, 'node'));
  const installed = project.path('node_modules/cdk8s-istio-mtls');
  const under = (folder) => namesIn(join(installed, folder)).join('\n');
  const json = (file) => JSON.parse(readFileSync(join(installed, file), 'utf8'));

  await checks.check('the tarball holds neither sources nor tests', () => {
    sameText(under('.'), WANTED.join('\n'));
    sameText(under('lib'), 'command\nimports\nreport\nsrc');
    sameText(under('docs'), 'refusals.md\nrules\nschemas');
    sameText(under('node_modules'), everyBundled(json('package.json'), installed));
  });
  await checks.check('every library in the tarball brings its licence', () => licences(installed));
  await checks.check('the schemas of every vendored kind are in it', () => {
    sameText(JSON.stringify(json('lib/imports/schemas.json')), JSON.stringify(JSON.parse(readFileSync(join(root, 'imports', 'schemas.json'), 'utf8'))));
  });
  await checks.check('the bindings are jsii submodules', () => {
    sameText(Object.keys(json('.jsii').submodules).join(), 'cdk8s-istio-mtls.extensions,cdk8s-istio-mtls.networking,cdk8s-istio-mtls.security,cdk8s-istio-mtls.telemetry');
  });
  for (const name of ['istio-mtls', 'cdk8s-istio-mtls']) await checks.check(`the command ${name}`, () => command(project, name));
  await checks.check('every page that the command prints is in it', () => pages(project, installed));
}

/** What npm itself puts there, such as .bin, is left out. */
function namesIn(folder) {
  return readdirSync(folder).filter((name) => !name.startsWith('.')).sort();
}

/** The bundled libraries and what they need, by their package.json. */
function everyBundled({ bundledDependencies }, installed) {
  const all = new Set();
  const visit = (name) => {
    if (all.has(name)) return;
    all.add(name);
    Object.keys(JSON.parse(readFileSync(join(installed, 'node_modules', name, 'package.json'), 'utf8')).dependencies ?? {}).forEach(visit);
  };
  bundledDependencies.forEach(visit);
  return [...all].sort().join('\n');
}

function licences(installed) {
  const bundled = join(installed, 'node_modules');
  const without = namesIn(bundled).filter((name) => !readdirSync(join(bundled, name)).some((file) => /^licen[cs]e/i.test(file)));
  sameText(without.join(), '');
  const cel = join(installed, 'lib', 'imports', 'cel-js');
  for (const file of readdirSync(cel)) {
    holds(readFileSync(join(cel, file), 'utf8'), 'Permission is hereby granted, free of charge');
  }
}

function command(project, name) {
  project.write('dist-of-command/a.yaml', 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {mod: 1}\n');
  holds(project.run('npx', ['--no-install', name, 'validate', 'dist-of-*/*.yaml'], { status: 1 }), 'dist-of-command/a.yaml:4:8  ADMIT201');
  holds(project.run('npx', ['--no-install', name, 'rules', 'MTLS101']), '# MTLS101: ');
  holds(project.run('npx', ['--no-install', name, 'rules', 'ADMIT201']), 'an unknown field');
  holds(project.run('npx', ['--no-install', name, 'rules', 'API001']), 'a second mesh-wide policy');
}

function pages(project, installed) {
  const listed = [...new Set(project.run('npx', ['--no-install', 'istio-mtls', 'rules']).match(/\bMTLS\d{3}\b/g))];
  const withPage = namesIn(join(installed, 'docs', 'rules')).map((name) => /^mtls\d{3}(?=-.*\.md$)/.exec(name)?.[0].toUpperCase()).filter(Boolean);
  sameText(listed.sort().join(), withPage.join());
}
