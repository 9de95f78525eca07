import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ApiObject, ApiObjectProps, App, Chart, Yaml } from 'cdk8s';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { loadAll } from 'js-yaml';
import { IstioValidation } from '../../src/integration/istio-validation';
import type { ValidationProperties } from '../../src/integration/validation-properties';
import { BROKEN } from '../cli/meshes';

const app = mkdtempSync(join(tmpdir(), 'plugin-meshes-'));

afterAll(() => rmSync(app, { recursive: true }));

/** What the plugin says of files, each with the given objects, by the CLI's own context and report. */
async function judgedFiles(files: Record<string, object[]>, properties: ValidationProperties = {}) {
  for (const [file, objects] of Object.entries(files)) {
    const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
    objects.forEach((object, index) => new ApiObject(chart, `object${index}`, object as ApiObjectProps));
    mkdirSync(join(app, dirname(file)), { recursive: true });
    writeFileSync(join(app, file), Yaml.stringify(...chart.toJson()));
  }
  const context = new ValidationContext(Object.keys(files), 'cdk8s-istio-mtls', '0.1.0');
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
  const { violations } = context.report.toJson() as unknown as { violations: { ruleName: string; recommendation: string; fix: string }[] };
  return { succeeds: context.report.success, output: `${log}\n${JSON.stringify(context.report.toJson())}`, log, violations };
}

describe('the plugin for cdk8s-cli, of an app with two environments', () => {
  /** Where the rule sends plaintext to a STRICT server, and the same with its rule for mutual TLS. */
  const broken = loadAll(BROKEN) as any[];
  const sound = broken.map((object) => (
    object.kind === 'DestinationRule' ? { ...object, spec: { ...object.spec, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } } : object
  ));
  const environments = { 'dist/dev-shop.k8s.yaml': broken, 'dist/prod-shop.k8s.yaml': sound };
  const meshes = (text: string) => {
    writeFileSync(join(app, 'meshes.yaml'), text);
    return { config: 'meshes.yaml' };
  };
  const EACH = 'meshes:\n  dev: [dist/dev-*.k8s.yaml]\n  prod: {sources: [dist/prod-shop.k8s.yaml]';
  const codes = (violations: { ruleName: string }[]) => violations.map(({ ruleName }) => ruleName);

  beforeEach(() => rmSync(join(app, 'dist'), { recursive: true, force: true }));

  test('refuses different manifests of one object, with their files, whatever failOn says', async () => {
    for (const failOn of ['error', 'never']) {
      const { succeeds, violations } = await judgedFiles(environments, { failOn });
      expect(succeeds).toBe(false);
      expect(violations).toEqual([expect.objectContaining({
        ruleName: 'MTLS601',
        recommendation: expect.stringContaining('because dist/dev-shop.k8s.yaml and dist/prod-shop.k8s.yaml hold different manifests of DestinationRule shop/ratings'),
        fix: expect.stringMatching(/name each under meshes of the configuration file .*, or use MtlsAnalysis\.attach/),
      })]);
    }
  });

  test('says nothing of identical manifests, and names one file that holds an object twice', async () => {
    const twice = await judgedFiles({ 'dist/dev-shop.k8s.yaml': sound, 'dist/prod-shop.k8s.yaml': sound });
    expect([twice.succeeds, twice.violations, twice.log]).toEqual([true, [], expect.not.stringContaining('MTLS601')]);
    const { violations } = await judgedFiles({ 'dist/shop.k8s.yaml': [...sound, ...broken] });
    expect(violations.map(({ recommendation }) => recommendation)).toContainEqual(expect.stringContaining('because dist/shop.k8s.yaml holds different manifests of DestinationRule shop/ratings'));
  });

  test('judges each mesh of the configuration file by itself, and names it', async () => {
    const { succeeds, violations, output } = await judgedFiles(environments, meshes(`${EACH}}\n`));
    expect([succeeds, codes(violations)]).toEqual([false, ['MTLS101']]);
    expect(violations[0].recommendation).toMatch(/^Mesh dev: DestinationRule 'shop\/ratings': spec\.trafficPolicy\.tls\.mode is DISABLE/);
    expect(output).not.toContain('MTLS601');
    const { succeeds: allSound } = await judgedFiles({ 'dist/dev-shop.k8s.yaml': sound, 'dist/prod-shop.k8s.yaml': sound }, meshes(`${EACH}}\n`));
    expect(allSound).toBe(true);
  });

  test('gives each mesh its own facts and baseline, and the settings of the file', async () => {
    const entry = 'code: MTLS101, group: networking.istio.io, kind: DestinationRule, namespace: shop, name: ratings, field: spec.trafficPolicy.tls.mode';
    writeFileSync(join(app, 'base-prod.yaml'), `format: 1\nfindings:\n  - {${entry}}\n`);
    const both = { 'dist/dev-shop.k8s.yaml': broken, 'dist/prod-shop.k8s.yaml': broken };
    const known = await judgedFiles(both, meshes(`${EACH}, baseline: base-prod.yaml}\n`));
    expect(known.violations.map(({ recommendation }) => recommendation.slice(0, 9))).toEqual(['Mesh dev:']);
    expect(known.log).toContain('mesh prod: 1 finding is in the baseline');
    const open = broken.filter(({ kind }) => kind !== 'PeerAuthentication');
    const strict = await judgedFiles({ 'dist/dev-shop.k8s.yaml': open, 'dist/prod-shop.k8s.yaml': open }, meshes(`${EACH}, meshMode: STRICT}\n`));
    expect(strict.violations.map(({ recommendation }) => recommendation.slice(0, 10))).toEqual(['Mesh prod:']);
  });

  test('calls an acknowledgement useless only if it is in every mesh', async () => {
    const stated = (code: string) => `${EACH}}\nacknowledgements:\n  - {code: ${code}, reason: legacy}\n`;
    const serving = await judgedFiles(environments, meshes(stated('MTLS101')));
    expect([serving.succeeds, serving.log]).toEqual([true, expect.stringContaining('MTLS101 acknowledged: legacy')]);
    expect(serving.log).not.toContain('MTLS901');
    expect((await judgedFiles(environments, meshes(stated('MTLS301')))).log).toContain('meshes.yaml:5:5: warning: ');
    const { 'dist/prod-shop.k8s.yaml': prod } = environments;
    expect((await judgedFiles({ 'dist/prod-shop.k8s.yaml': prod }, meshes(stated('MTLS101')))).log).not.toContain('MTLS901');
  });

  test('refuses a file in no mesh, and a source that isn\'t there', async () => {
    const one = await judgedFiles(environments, meshes('meshes: {prod: [dist/prod-*.k8s.yaml]}\n'));
    expect([one.succeeds, codes(one.violations)]).toEqual([false, ['API893']]);
    expect(one.violations[0].recommendation).toContain('dist/dev-shop.k8s.yaml: the file is in no mesh; expected a file of prod');
    const missing = await judgedFiles({ 'dist/dev-shop.k8s.yaml': sound, 'dist/prod-shop.k8s.yaml': sound }, meshes(`${EACH.replace('dev-*', 'dev-*.k8s.yaml, dist/comon')}}\n`));
    expect(codes(missing.violations)).toEqual(['API893']);
    expect(missing.violations[0].recommendation).toContain('meshes.dev is a mesh with the source dist/comon.k8s.yaml');
  });

  test('refuses a mesh with rendered sources, and judges the others', async () => {
    const { succeeds, violations } = await judgedFiles(environments, meshes('meshes: {dev: [dist/dev-shop.k8s.yaml], prod: [dist/prod-shop.k8s.yaml, {kustomize: overlays/prod}]}\n'));
    expect([succeeds, codes(violations)]).toEqual([false, ['API894', 'MTLS101']]);
    expect(violations[0].recommendation).toContain('run istio-mtls check --mesh prod --render');
  });

  test('judges other files that a mesh names, and says which of its folders it doesn\'t, and of which meshes the synth wrote nothing', async () => {
    const [open, strict] = [broken.filter(({ kind }) => kind !== 'PeerAuthentication'), broken.filter(({ kind }) => kind === 'PeerAuthentication')];
    for (const file of ['platform.yaml', join('more', 'a.yaml')]) {
      mkdirSync(join(app, 'more'), { recursive: true });
      writeFileSync(join(app, file), Yaml.stringify(...strict));
    }
    const stated = (source: string) => meshes(`meshes:\n  dev: [dist/dev-*.k8s.yaml]\n  prod: [dist/prod-shop.k8s.yaml, ${source}]\n`);
    const named = await judgedFiles({ 'dist/prod-shop.k8s.yaml': open }, stated('platform.yaml'));
    expect(codes(named.violations)).toEqual(['MTLS101']);
    expect(named.log).toContain('mesh dev isn\'t judged: none of its files are of this synth');
    const { succeeds, log } = await judgedFiles({ 'dist/prod-shop.k8s.yaml': open }, stated('more/'));
    expect(succeeds).toBe(true);
    expect(log).toContain('mesh prod is judged without more/a.yaml, which this synth didn\'t write: istio-mtls check --mesh prod reads all of its files');
    const elsewhere = await judgedFiles({ 'dist/dev-shop.k8s.yaml': open }, meshes('meshes: {dev: [dist/dev-shop.k8s.yaml], prod: [platform.yaml]}\n'));
    expect([elsewhere.succeeds, elsewhere.log]).toEqual([true, expect.stringContaining('mesh prod isn\'t judged')]);
  });

  test('lets different manifests of one object pass if that is acknowledged, or has another severity', async () => {
    const severity = await judgedFiles(environments, meshes('severities: {MTLS601: warning}\n'));
    expect([severity.succeeds, severity.log]).toEqual([true, expect.stringContaining('[MTLS601]')]);
    const acknowledged = await judgedFiles(environments, meshes('acknowledgements: [{code: MTLS601, reason: the later one counts}]\n'));
    expect([acknowledged.succeeds, acknowledged.log]).toEqual([true, expect.stringContaining('MTLS601 acknowledged: the later one counts')]);
  });
});
