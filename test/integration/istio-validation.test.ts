import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, ApiObjectProps, App, Chart, Yaml } from 'cdk8s';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { loadAll } from 'js-yaml';
import { IstioValidation } from '../../src/integration/istio-validation';
import type { ValidationProperties } from '../../src/integration/validation-properties';
import { BROKEN, declaringCalls, PART, WARNED } from '../cli/meshes';

const ROOT = join(__dirname, '..', '..');

const CLI = join(ROOT, 'node_modules', 'cdk8s-cli');

jest.setTimeout(60_000);

/**
 * Keeps the CLI from loading its other commands, which takes longer than all that synth does: the compiler of jsii and its generators.
 * All that synth itself loads and does is the CLI's own.
 */
const SYNTH_ALONE = `
  const { join } = require('node:path');
  for (const command of ['init', 'import']) {
    const filename = join(${JSON.stringify(CLI)}, 'lib', 'cli', 'cmds', command + '.js');
    require.cache[require.resolve(filename)] = { id: filename, filename, loaded: true, exports: { command } };
  }
`;

/** A cdk8s app that has the package installed, as `npm install` or a link would have it. */
describe('cdk8s synth with the plugin', () => {
  const app = mkdtempSync(join(tmpdir(), 'plugin-app-'));

  beforeAll(() => {
    mkdirSync(join(app, 'node_modules'));
    symlinkSync(ROOT, join(app, 'node_modules', 'cdk8s-istio-mtls'));
    for (const name of ['cdk8s', 'constructs']) symlinkSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
    writeFileSync(join(app, 'synth-alone.js'), SYNTH_ALONE);
  });
  afterAll(() => rmSync(app, { recursive: true }));

  /** Synthesizes an app of the given objects by the real cdk8s-cli. */
  function synth(objects: object[], { properties = '', args = [] }: { properties?: string; args?: string[] } = {}) {
    writeFileSync(join(app, 'main.js'), `
      const { ApiObject, App, Chart } = require('cdk8s');
      const app = new App();
      const chart = new Chart(app, 'shop', { namespace: 'shop' });
      ${JSON.stringify(objects)}.forEach((object, index) => new ApiObject(chart, 'object' + index, object));
      app.synth();
    `);
    writeFileSync(join(app, 'cdk8s.yaml'), [
      'language: typescript',
      'app: node main.js',
      'validations:',
      '  - package: ./node_modules/cdk8s-istio-mtls',
      '    version: 0.1.0',
      '    class: IstioValidation',
      properties,
    ].join('\n'));
    const command = ['--require', './synth-alone.js', join(CLI, 'bin', 'cdk8s'), 'synth', '--check-upgrade', 'false', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: app, encoding: 'utf8' });
    return { status, output: `${stdout}${stderr}` };
  }

  /** What the plugin says of the same manifests, told by the CLI's own context and report, without the seconds that a whole synth takes. */
  async function judged(objects: object[], properties: ValidationProperties = {}) {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    objects.forEach((object, index) => new ApiObject(chart, `object${index}`, object as ApiObjectProps));
    writeFileSync(join(app, 'shop.k8s.yaml'), Yaml.stringify(...chart.toJson()));
    const context = new ValidationContext(['shop.k8s.yaml'], 'cdk8s-istio-mtls', '0.1.0');
    const logged = jest.spyOn(console, 'log').mockImplementation();
    const before = process.cwd();
    process.chdir(app);
    try {
      await new IstioValidation(properties).validate(context);
    } finally {
      process.chdir(before);
    }
    const log = logged.mock.calls.join('\n');
    logged.mockRestore();
    return { succeeds: context.report.success, output: `${log}\n${JSON.stringify(context.report.toJson())}` };
  }

  const policy = (spec: object, more: object = {}) => ({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'policy' }, spec, ...more });

  test('succeeds if no object is refused', () => {
    const { status, output } = synth([policy({ mtls: { mode: 'STRICT' } }), { apiVersion: 'example.com/v1', kind: 'Any' }]);
    expect(output).toContain('Validations ended succesfully');
    expect(status).toBe(0);
  });

  test('exits with 2 on an invalid object, with its construct and a fix', () => {
    const { status, output } = synth([policy({ mtls: { mod: 'STRICT' } })]);
    expect(status).toBe(2);
    expect(output).toContain('shop/object0');
    expect(output).toContain('> 8:5 spec.mtls.mod');
    expect(output).toContain("Recommendation: PeerAuthentication 'shop/policy': spec.mtls.mod is an unknown field");
    expect(output).toContain('How to fix: write mode instead of mod');
  });

  test('prints warnings, and succeeds', () => {
    const { status, output } = synth([policy({ mtls: { mode: 'STRICT' } }, { apiVersion: 'security.istio.io/v1beta1' })]);
    expect(output).toMatch(/shop\.k8s\.yaml:1:1: info: PeerAuthentication 'shop\/policy': apiVersion is .*\[ADMIT108\]/);
    expect(status).toBe(0);
  });

  test('also checks with --stdout', () => {
    expect(synth([policy({ mtls: { mode: 'strict' } })], { args: ['--stdout'] }).status).toBe(2);
  });

  describe('and the analysis', () => {
    const mesh = loadAll(BROKEN) as object[];
    const warned = loadAll(WARNED) as object[];

    test('ends with 2 on an error', () => {
      const { status, output } = synth(mesh);
      expect(status).toBe(2);
      expect(output).toContain('MTLS101');
      expect(output).toContain("Recommendation: DestinationRule 'shop/ratings': spec.trafficPolicy.tls.mode is DISABLE");
    });

    test('logs warnings, or ends with 2 when they shall fail', () => {
      const { status, output } = synth(warned);
      expect([status, output]).toEqual([0, expect.stringMatching(/warning: PeerAuthentication 'other\/two': .*\[MTLS201\]/)]);
      expect(synth(warned, { properties: '    properties: {failOn: warning}' }).status).toBe(2);
    });

    test('fails on undecided connections with failOn undecided, and names the missing facts', async () => {
      const open = (loadAll(PART) as any[]).filter(({ kind }) => ['Deployment', 'Service'].includes(kind));
      expect((await judged(open)).succeeds).toBe(true);
      const { succeeds, output } = await judged(open, { failOn: ['error', 'undecided'] });
      expect([succeeds, output]).toEqual([false, expect.stringMatching(/"recommendation":"\d+ of \d+ connections (are|is) undecided; .* \(injectedNamespaces: \['shop'\] decides \d+\)/)]);
      expect((await judged(open, { failOn: ['error', 'undecided'], injectedNamespaces: ['shop'] })).succeeds).toBe(true);
    });

    test('says what isn\'t checked where the Namespace is missing', async () => {
      const open = (loadAll(PART) as any[]).filter(({ kind }) => ['Deployment', 'Service'].includes(kind));
      const denied = [...open, { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'deny' }, spec: {} }];
      const { output } = await judged(denied);
      expect(output).toMatch(/Not checked: 1 AuthorizationPolicy, which concerns \d+ connections? called mtls/);
      expect((await judged(denied, { uninjectedNamespaces: ['shop'] })).output).not.toContain('Not checked');
    });

    test('fails with failOn undecided on declared calls to what the manifests don\'t show', async () => {
      const declaring = loadAll(declaringCalls(BROKEN, 'shpo/ratings')) as object[];
      expect((await judged(declaring)).succeeds).toBe(true);
      const { succeeds, output } = await judged(declaring, { failOn: ['undecided'] });
      expect([succeeds, output]).toEqual([false, expect.stringContaining('1 declared call isn\'t among these manifests: shpo/ratings of Deployment shop/web')]);
    });

    test('refuses unknown failOn values', () => {
      const { status, output } = synth(warned, { properties: '    properties: {failOn: warnings}' });
      expect([status, output]).toEqual([1, expect.stringContaining('failOn is \'warnings\'; expected one or more of error, warning, info, undecided, conditional, never')]);
    });

    test('fails on what depends on a namespace that isn\'t in the files, and says what it presupposes', async () => {
      const open = loadAll(BROKEN.slice(BROKEN.indexOf('---\n') + 4)) as object[];
      const { succeeds, output } = await judged(open);
      expect([succeeds, output]).toEqual([true, expect.stringContaining('Judged as if shop has sidecars, as PeerAuthentication shop/default suggests; errors that depend on it are warnings.')]);
      const failing = await judged(open, { failOn: ['conditional'] });
      expect([failing.succeeds, failing.output]).toEqual([false, expect.stringContaining('1 connection depends on whether shop has sidecars')]);
      expect((await judged(open, { failOn: ['conditional'], uninjectedNamespaces: ['shop'] })).succeeds).toBe(true);
    });

    test('takes the mode of the mesh', async () => {
      const open = loadAll(BROKEN) as any[];
      const permissive = open.filter(({ kind }) => kind !== 'PeerAuthentication');
      expect((await judged(permissive)).succeeds).toBe(true);
      expect((await judged(permissive, { meshMode: 'STRICT' })).succeeds).toBe(false);
      await expect(judged(permissive, { meshMode: 'strict' })).rejects.toThrow('IstioValidation: meshMode is \'strict\'; expected one of STRICT, PERMISSIVE, DISABLE. Fix: write one of them. [API092]');
    });

    test('accepts partialNamespaces', async () => {
      const part = loadAll(PART) as object[];
      expect((await judged(part)).succeeds).toBe(false);
      expect((await judged(part, { partialNamespaces: ['shop'] })).succeeds).toBe(true);
    });

    test('logs acknowledged findings', async () => {
      const [one, two] = warned as any[];
      const { succeeds, output } = await judged([one, { ...two, metadata: { ...two.metadata, annotations: { 'acknowledge.istio-mtls/MTLS201': 'goes in March' } } }]);
      expect([succeeds, output]).toEqual([true, expect.stringContaining('MTLS201 acknowledged: goes in March')]);
    });

    test('reports a warning of both admission and the analysis once, with its consequence', async () => {
      const { output } = await judged([policy({ selector: {}, mtls: { mode: 'STRICT' } })]);
      expect(output).toContain('[MTLS206]');
      expect(output).not.toContain('ADMIT451');
    });
  });

  test('takes istiod\'s namespace as a property', async () => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'mesh' }, data: { mesh: 'trustDomain: 5' } };
    expect((await judged([config])).succeeds).toBe(true);
    expect((await judged([config], { istiodNamespace: 'mesh' })).succeeds).toBe(false);
  });

  test('reads a configuration file and its baseline if config names one', async () => {
    writeFileSync(join(app, 'mtls.yaml'), 'severities: {MTLS209: off}\nbaseline: base.yaml\nacknowledgements:\n  - {code: MTLS301, reason: legacy}\n');
    writeFileSync(join(app, 'base.yaml'), 'format: 1\nfindings:\n  - {code: MTLS101, group: networking.istio.io, kind: DestinationRule, namespace: shop, name: ratings, field: spec.trafficPolicy.tls.mode}\n');
    const broken = loadAll(BROKEN) as object[];
    const { status, output } = synth(broken, { properties: '    properties: {config: mtls.yaml}' });
    expect([status, output]).toEqual([0, expect.stringContaining('1 finding is in the baseline')]);
    expect(output).toContain('mtls.yaml:4:5: warning: mtls.yaml:4:5: acknowledgements[0] is an acknowledgement of MTLS301; ');
    writeFileSync(join(app, 'mtls.yaml'), 'failOn: [warning]\n');
    expect((await judged(loadAll(WARNED) as object[], { config: 'mtls.yaml' })).succeeds).toBe(false);
    expect((await judged(loadAll(WARNED) as object[], { config: 'mtls.yaml', failOn: 'error' })).succeeds).toBe(true);
  });

  test('finds the files of a mesh by a pattern and a folder', () => {
    writeFileSync(join(app, 'meshes.yaml'), 'meshes: {shop: ["dist/sh*.k8s.yaml"], bank: [dist/bank/]}\n');
    const { status, output } = synth(loadAll(BROKEN) as object[], { properties: '    properties: {config: meshes.yaml}' });
    expect([status, output]).toEqual([2, expect.stringContaining('Recommendation: Mesh shop: DestinationRule \'shop/ratings\'')]);
    expect(output).toContain('mesh bank isn\'t judged');
  });

  test('sets the namespace of objects without one from a property or the configuration file', async () => {
    const broken = (loadAll(BROKEN) as any[]).map((object) => ({ ...object, metadata: { ...object.metadata, namespace: object.kind === 'Deployment' ? 'shop' : '' } }));
    const { succeeds, output } = await judged(broken);
    expect([succeeds, output]).toEqual([true, expect.not.stringContaining('MTLS101')]);
    expect((await judged(broken, { namespace: 'shop' })).output).toContain('[MTLS101]');
    writeFileSync(join(app, 'mtls.yaml'), 'namespace: shop\n');
    expect((await judged(broken, { config: 'mtls.yaml' })).output).toContain('[MTLS101]');
    expect((await judged(broken, { config: 'mtls.yaml', namespace: 'bank' })).output).not.toContain('[MTLS101]');
  });

  test('refuses declared calls that the baseline doesn\'t hold, whatever the number of connections', async () => {
    const entry = 'code: MTLS101, group: networking.istio.io, kind: DestinationRule, namespace: shop, name: ratings, field: spec.trafficPolicy.tls.mode, connections: 1';
    const succeeds = async (calls: string) => {
      writeFileSync(join(app, 'mtls.yaml'), 'baseline: base.yaml\n');
      writeFileSync(join(app, 'base.yaml'), `format: 1\nfindings:\n  - {${entry}, calls: ["${calls}"]}\n`);
      return (await judged(loadAll(declaringCalls(BROKEN, 'shop/ratings')) as object[], { config: 'mtls.yaml' })).succeeds;
    };
    expect(await succeeds('Deployment/shop/web → ratings.shop.svc.cluster.local:9080')).toBe(true);
    expect(await succeeds('Deployment/shop/job → ratings.shop.svc.cluster.local:9080')).toBe(false);
  });

  test('refuses objects except those in the baseline', async () => {
    writeFileSync(join(app, 'mtls.yaml'), 'baseline: base.yaml\n');
    writeFileSync(join(app, 'base.yaml'), 'format: 1\nfindings:\n  - {code: ADMIT201, group: security.istio.io, kind: PeerAuthentication, namespace: shop, name: policy, field: spec.mtls.mod}\n');
    expect((await judged([policy({ mtls: { mod: 'STRICT' } })], { config: 'mtls.yaml' })).succeeds).toBe(true);
    expect((await judged([policy({ mtls: { mode: 'STRIKT' } })], { config: 'mtls.yaml' })).succeeds).toBe(false);
  });
});
