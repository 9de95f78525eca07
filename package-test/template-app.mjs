// The app that `cdk8s init typescript-app` makes, with its own Jest, compiler and synth, and the package in it.
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { holds, sameText } from './checks.mjs';
import { fences } from './docs.mjs';
import { workflow } from './instructions.mjs';
import { writeTypeScript } from './program.mjs';
import { Project } from './project.mjs';

/** @param {string} expected what the program prints elsewhere */
export async function templateApp(checks, { root, packages, workspace, expected }) {
  const app = await checks.check('cdk8s init typescript-app, and the package in it', () => {
    const made = initialized(root, workspace);
    made.install(packages[0]);
    addMesh(made);
    return made;
  });
  if (!app) return;
  await checks.check("the app's npm run compile", () => app.run('npm', ['run', 'compile']));
  await checks.check("the app's npm test", () => {
    app.run('npm', ['test', '--', '--ci=false', '-u']); // main.ts holds more than the template's snapshot says
    app.run('npm', ['test', '--', '--ci']);
    sameText(app.read('report.txt'), expected);
  });
  await checks.check("the app's npm run synth, with the plugin as docs/pipeline.md has it", () => {
    app.write('cdk8s.yaml', fences(root, 'docs/pipeline.md', '## cdk8s-cli', 'yaml')[0]);
    app.run('npm', ['run', 'synth']);
    holds(app.read('dist/mesh.k8s.yaml'), 'kind: RequestAuthentication');
  });
  await workflow(checks, { root, app });
  await checks.check('what the plugin refuses ends the synth with 2', () => refusedByPlugin(app));
  await checks.check('what MtlsAnalysis finds ends the synth', () => stoppedByAnalysis(app));
}

/** What init writes. It would also install, and import Kubernetes' own kinds from elsewhere: npm does nothing for it. */
function initialized(root, workspace) {
  const nothing = new Project(join(workspace, 'nothing'));
  nothing.write('npm', '#!/bin/sh\n');
  chmodSync(nothing.path('npm'), 0o755);
  const app = new Project(join(workspace, 'mesh'));
  const env = { PATH: [nothing.folder, process.env.PATH].join(delimiter) };
  app.run('node', [join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s'), 'init', 'typescript-app', '--check-upgrade', 'false'], { env });
  return app;
}

function addMesh(app) {
  writeTypeScript(app);
  edit(app, 'main.ts', [
    ["import { App, Chart, ChartProps } from 'cdk8s';", (line) => `${line}\nimport { MtlsAnalysis } from 'cdk8s-istio-mtls';\nimport { addMesh } from './mesh';`],
    ['// define resources here', () => 'addMesh(this);'],
    ['const app = new App();', (line) => `${line}\nMtlsAnalysis.attach(app);`],
  ]);
  app.write('mesh.test.ts', `
    import { writeFileSync } from 'fs';
    import { ISTIO_KINDS } from './istio-kinds';
    import { refusalOf, report } from './mesh';

    test('a mesh', () => writeFileSync('report.txt', report()));
    test.each(ISTIO_KINDS)('a faulty $kind', (istioKind) => expect(refusalOf(istioKind)).toContain('[' + istioKind.code + ']'));`);
}

/** The template's files stay what they are, but for these lines of main.ts. */
function edit(project, name, changes) {
  const edited = changes.reduce((text, [line, changed]) => {
    if (!text.includes(line)) throw new Error(`${name} of the template has no '${line}'; expected it, to add the mesh there`);
    return text.replace(line, changed);
  }, project.read(name));
  project.write(name, edited);
}

/** An app that loads nothing of the package: only the plugin judges it. */
function refusedByPlugin(app) {
  app.write('main.ts', `
    import { ApiObject, App, Chart } from 'cdk8s';
    const app = new App();
    const shop = new Chart(app, 'shop', { namespace: 'shop' });
    new ApiObject(shop, 'entry', { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', spec: { hosts: ['*'] } });
    app.synth();`);
  holds(app.run('sh', ['-c', 'npm run synth 2>&1'], { status: 2 }), 'ADMIT318');
}

function stoppedByAnalysis(app) {
  app.write('main.ts', `
    import { ApiObject, App, Chart } from 'cdk8s';
    import { MtlsAnalysis } from 'cdk8s-istio-mtls';
    import { addMesh } from './mesh';
    const app = new App();
    MtlsAnalysis.attach(app);
    const mesh = new Chart(app, 'mesh');
    addMesh(mesh);
    new ApiObject(mesh, 'plaintext', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'a-plaintext', namespace: 'shop' },
      spec: { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    });
    app.synth();`);
  holds(app.run('sh', ['-c', 'npm run synth 2>&1'], { status: 1 }), '[MTLS101]');
}
