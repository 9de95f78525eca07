import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import * as library from '../../src';
import { checkOneCopy } from '../../src/integration/one-copy';
import { folderWith, removeFolders } from '../support/command/scratch';
import { EXAMPLES } from '../support/constructs/examples';

const ROOT = join(__dirname, '../..');
/** Long, with capitals and digits, as a key in base64. */
const OTHER = '/Users/Ann/work2/node_modules/platform/node_modules/cdk8s-istio-mtls/lib/src/integration';

/** An app that holds constructs of another copy. */
function appOfOther(): App {
  const app = new App();
  checkOneCopy(app, OTHER);
  return app;
}

afterAll(removeFolders);

describe('a second copy of the library in one app', () => {
  it.each(Object.entries(EXAMPLES))('is refused by a %s', (_, create) => {
    expect(() => create(new Chart(appOfOther(), 'shop', { namespace: 'shop' }))).toThrow(/constructs of two copies .*\[API880\]$/);
  });

  it('is refused by what is attached to an app', () => {
    expect(() => library.IstioAdmission.attach(appOfOther())).toThrow('[API880]');
    expect(() => library.MtlsAnalysis.attach(appOfOther())).toThrow('[API880]');
    expect(() => library.MtlsAnalysis.of(appOfOther())).toThrow('[API880]');
  });

  it('is refused with the folders of both packages and a way out', () => {
    expect(() => checkOneCopy(appOfOther(), 'C:\\work\\node_modules\\cdk8s-istio-mtls\\lib\\src\\integration')).toThrow(
      'App: library is constructs of two copies of cdk8s-istio-mtls: /Users/Ann/work2/node_modules/platform/node_modules/cdk8s-istio-mtls and '
      + "C:\\work\\node_modules\\cdk8s-istio-mtls; expected one copy, because a copy doesn't know the constructs of the other, so neither "
      + "checks all of them. Fix: make cdk8s-istio-mtls a peerDependency of each package that brings constructs, and run 'npm dedupe'; "
      + "'npm ls cdk8s-istio-mtls' shows who brings which. [API880]",
    );
  });

  it("doesn't matter in an app of its own, nor to objects of neither", () => {
    new ApiObject(new Chart(appOfOther(), 'shop'), 'policy', { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' });
    expect(() => new library.StrictMeshMtls(new Chart(new App(), 'mesh'), 'strict')).not.toThrow();
  });

  it('is none if one copy is loaded twice', () => {
    const chart = new Chart(new App(), 'mesh');
    new library.StrictMeshMtls(chart, 'strict');
    jest.isolateModules(() => {
      const again = jest.requireActual<typeof library>('../../src');
      expect(again.StrictMeshMtls).not.toBe(library.StrictMeshMtls);
      expect(() => new again.NamespaceOverride(new Chart(chart, 'shop', { namespace: 'shop' }), 'open', { mode: again.MtlsMode.PERMISSIVE })).not.toThrow();
    });
  });

  it('is found in two installed packages, wherever their constructs are in the app', () => {
    const modules = join(folderWith({}), 'node_modules');
    mkdirSync(modules);
    for (const name of ['platform', 'shop']) symlinkSync(ROOT, join(modules, name));
    for (const name of ['cdk8s', 'constructs']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    const program = `
      const { App, Chart } = require('cdk8s');
      const { StrictMeshMtls } = require('platform');
      const { NamespaceOverride, MtlsMode } = require('shop');
      const app = new App();
      new StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
      try {
        new NamespaceOverride(new Chart(app, 'shop', { namespace: 'shop' }), 'open', { mode: MtlsMode.PERMISSIVE });
      } catch ({ message }) {
        console.log(message);
      }`;
    const printed = execFileSync('node', ['--preserve-symlinks', '--input-type=commonjs', '-e', program], { cwd: join(modules, '..'), encoding: 'utf8' });
    expect(printed).toMatch(new RegExp(`two copies of cdk8s-istio-mtls: ${join(modules, 'platform')} and ${join(modules, 'shop')}; .*\\[API880\\]\n$`));
  });
});
