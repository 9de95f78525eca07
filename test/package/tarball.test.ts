import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const { version, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The tarball that npm would publish, installed into an empty cdk8s app. */
describe('the packed tarball', () => {
  const app = mkdtempSync(join(tmpdir(), 'cdk8s-app-'));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: app, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const installed = join(app, 'node_modules', 'cdk8s-istio-mtls');

  beforeAll(() => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', app], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    writeFileSync(join(app, 'package.json'), '{"name":"app","private":true}');
    npm('install', '--prefer-offline', '--no-audit', '--no-fund', `./cdk8s-istio-mtls-${version}.tgz`, `cdk8s@${devDependencies.cdk8s}`, `constructs@${devDependencies.constructs}`);
  }, 300_000);
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  test('synthesizes in the app', () => {
    writeFileSync(join(app, 'main.js'), `
      const { App, Chart } = require('cdk8s');
      const { MtlsMode, NamespaceOverride, StrictMeshMtls, security } = require('cdk8s-istio-mtls');
      const app = new App();
      new StrictMeshMtls(new Chart(app, 'platform'), 'mtls');
      new NamespaceOverride(new Chart(app, 'shop', { namespace: 'shop' }), 'override', { mode: MtlsMode.PERMISSIVE });
      new security.PeerAuthentication(new Chart(app, 'binding', { namespace: 'bank' }), 'raw', { spec: { mtls: { mode: 'STRICT' } } });
      app.synth();
    `);
    execFileSync(process.execPath, ['main.js'], { cwd: app });
    expect(readdirSync(join(app, 'dist')).sort()).toEqual(['binding.k8s.yaml', 'platform.k8s.yaml', 'shop.k8s.yaml']);
    expect(readFileSync(join(app, 'dist', 'platform.k8s.yaml'), 'utf8')).toBe([
      'apiVersion: security.istio.io/v1',
      'kind: PeerAuthentication',
      'metadata:',
      '  name: default',
      '  namespace: istio-system',
      'spec:',
      '  mtls:',
      '    mode: STRICT',
      '',
    ].join('\n'));
  });

  test('holds the schemas of every vendored kind', () => {
    const { kinds } = JSON.parse(readFileSync(join(installed, 'lib', 'imports', 'schemas.json'), 'utf8'));
    expect(kinds).toEqual(JSON.parse(readFileSync(join(ROOT, 'imports', 'schemas.json'), 'utf8')).kinds);
    expect(kinds.map(({ kind }: any) => kind)).toEqual(expect.arrayContaining(['PeerAuthentication', 'DestinationRule', 'VirtualService']));
  });

  test.each(['istio-mtls', 'cdk8s-istio-mtls'])('brings the command %s', (name) => {
    const dist = join(app, 'dist-of-command');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, 'a.yaml'), 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {mod: 1}\n');
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', name, 'validate', 'dist-of-*/*.yaml'], { cwd: app, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toContain('dist-of-command/a.yaml:4:8  ADMIT201');
    expect(spawnSync('npx', ['--no-install', name, 'rules', 'MTLS101'], { cwd: app, encoding: 'utf8' }).stdout).toMatch(/^# MTLS101: /);
  });

  test('offers the bindings as jsii submodules', () => {
    const { submodules } = JSON.parse(readFileSync(join(installed, '.jsii'), 'utf8'));
    expect(Object.keys(submodules)).toEqual(['cdk8s-istio-mtls.networking', 'cdk8s-istio-mtls.security', 'cdk8s-istio-mtls.telemetry']);
  });

  test('holds neither sources nor tests', () => {
    expect(readdirSync(installed).sort()).toEqual(['.jsii', 'LICENSE', 'README.md', 'bin', 'docs', 'lib', 'node_modules', 'package.json']);
    expect(readdirSync(join(installed, 'docs'))).toEqual(['admission.md', 'rules']);
  });
});
