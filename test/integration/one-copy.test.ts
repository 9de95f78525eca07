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
    const { printed, modules } = runWithCopies(`
      new platform.StrictMeshMtls(new Chart(app, 'mesh'), 'strict');
      attempt(() => new shop.NamespaceOverride(chart, 'open', { mode: shop.MtlsMode.PERMISSIVE }));`);
    expect(printed).toEqual([
      expect.stringMatching(new RegExp(`two copies of cdk8s-istio-mtls: ${join(modules, 'platform')} and ${join(modules, 'shop')}; .*\\[API880\\]$`)),
    ]);
  });
});

describe('a value of a second copy of the library', () => {
  it('is refused with the folders of both packages and a way out, and only then', () => {
    const { printed, modules } = runWithCopies(`
      const { Caller, ClientTls, Destination, Pods, Services, StringMatch } = platform;
      const service = new kplus.Service(chart, 'cart', { ports: [{ port: 80, name: 'http' }] });
      const workload = shop.Pods.withLabels({ app: 'cart' });
      const given = { mode: shop.MtlsMode.STRICT };
      const routeFor = (match) => shop.HttpRoute.ofService(chart, 'route', service, { rules: [{ matches: [match] }] });
      attempt(() => new shop.Destination(chart, 'clients', { host: 'cart', tls: ClientTls.istioMutual() }));
      attempt(() => new shop.AllowedCallers(chart, 'callers', { workload, callers: [Caller.serviceAccount('shop', 'web')] }));
      attempt(() => shop.Calls.by(Caller.serviceAccount('shop', 'web')));
      attempt(() => shop.Calls.by(shop.Caller.serviceAccount('shop', 'web')).to(Services.of(service)));
      attempt(() => routeFor({ uri: StringMatch.prefix('/old') }));
      attempt(() => routeFor({ headers: { beta: StringMatch.present() } }));
      attempt(() => shop.Destination.ofService(chart, 'named', Services.named('shop', 'cart', 80), {}));
      attempt(() => new shop.WorkloadOverride(chart, 'pods', { ...given, workload: Pods.withLabels({ app: 'cart' }) }));
      attempt(() => new shop.WorkloadOverride(chart, 'own', { ...given, workload }));
      attempt(() => new shop.Destination(chart, 'plain', { host: 'cart', tls: {} }));`);
    const refused = (subject: string, name: string) => `${subject} is a ${name} of another copy of cdk8s-istio-mtls: the value is of `
      + `${join(modules, 'platform')}, and the construct of ${join(modules, 'shop')}; expected a value of the same copy, because a copy knows `
      + "only the values that it created. Fix: make cdk8s-istio-mtls a peerDependency of each package that brings constructs, and run 'npm dedupe'; "
      + "'npm ls cdk8s-istio-mtls' shows who brings which. [API880]";
    expect(printed).toEqual([
      refused('DestinationRule (shop/clients): tls', 'ClientTls'),
      refused('AuthorizationPolicy (shop/callers): callers[0]', 'Caller'),
      refused('Calls: caller', 'Caller'),
      refused('Calls: to', 'Services'),
      refused('VirtualService (shop/route): http.match.uri', 'StringMatch'),
      refused('VirtualService (shop/route): http.match.headers.beta', 'StringMatch'),
      refused('DestinationRule (shop/named): service', 'Services'),
      refused('PeerAuthentication (shop/pods): workload', 'Pods'),
      'fine',
      expect.stringMatching(/\[API019\]$/),
    ]);
  });

  it('is none if one copy is loaded twice', () => {
    jest.isolateModules(() => {
      const again = jest.requireActual<typeof library>('../../src');
      const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
      expect(() => new library.Destination(chart, 'clients', { host: 'cart', tls: again.ClientTls.istioMutual() })).not.toThrow();
    });
  });
});

/** Runs lines of a program beside which the package is installed twice, as platform and as shop; what its attempts print. */
function runWithCopies(lines: string): { readonly printed: readonly string[]; readonly modules: string } {
  const modules = join(folderWith({}), 'node_modules');
  mkdirSync(modules);
  for (const name of ['platform', 'shop']) symlinkSync(ROOT, join(modules, name));
  for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  const program = `
    const { App, Chart } = require('cdk8s');
    const kplus = require('cdk8s-plus-28');
    const platform = require('platform');
    const shop = require('shop');
    const app = new App();
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    function attempt(run) {
      try {
        run();
        console.log('fine');
      } catch ({ message }) {
        console.log(message);
      }
    }
    ${lines}`;
  const printed = execFileSync('node', ['--preserve-symlinks', '--input-type=commonjs', '-e', program], { cwd: join(modules, '..'), encoding: 'utf8' });
  return { printed: printed.trimEnd().split('\n'), modules };
}
