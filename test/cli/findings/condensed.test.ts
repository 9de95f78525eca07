import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { GOOD } from '../manifests';

afterAll(removeFolders);

const numbered = (text: string, count: number) => Array.from({ length: count }, (_, index) => text.replace(/name: (\w+)/, `name: $1${index}`)).join('---\n');
const OPERATOR = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: operator, namespace: istio-system}\nspec: {}\n';
const FILTER = 'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: filter, namespace: shop}\nspec: {configPatches: []}\n';
const TEMPLATE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .name }}\n';
const templates = (folder: string, count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/${index}.yaml`, TEMPLATE]));

async function told(files: Record<string, string>, verb = 'check', ...options: string[]) {
  const folder = folderWith(files);
  const { out, exitCode } = await command([verb, folder, '-o', 'json', ...options]);
  const report = JSON.parse(out);
  const schema = validatorOf(verb);
  expect(schema.validate(report)).toEqual({ valid: true, errors: [] });
  return {
    exitCode,
    findings: report.findings.filter(({ code }: any) => code.startsWith('ADMIT')).map(({ code, actual, alike }: any) => [code, actual, alike]),
    unreadable: report.unreadable.map(({ file, actual }: any) => `${file.slice(folder.length + 1)} ${actual}`),
  };
}

describe.each(['check', 'validate'])('in %s', (verb) => {
  test('a reminder is reported once, with the number of objects', async () => {
    const { findings } = await told({ 'a.yaml': numbered(OPERATOR, 4), 'b.yaml': numbered(FILTER, 2) }, verb);
    expect(findings.filter(([code]: any) => code !== 'ADMIT108')).toEqual([
      ['ADMIT109', '\'install.istio.io/v1alpha1\', as in 3 other objects', 4],
      ['ADMIT478', expect.stringMatching(/, as in another object$/), 2],
    ]);
  });

  test('a single reminder is reported without a number', async () => {
    expect((await told({ 'a.yaml': OPERATOR }, verb)).findings).toEqual([['ADMIT109', '\'install.istio.io/v1alpha1\'', undefined]]);
  });

  test('--all reports each', async () => {
    expect((await told({ 'a.yaml': numbered(OPERATOR, 4) }, verb, '--all')).findings).toHaveLength(4);
    expect((await told(templates('a', 5), verb, '--all')).unreadable).toHaveLength(5);
  });

  test('errors are never condensed', async () => {
    expect((await told({ 'a.yaml': numbered(GOOD.replace('mode:', 'mod:'), 5) }, verb)).findings).toHaveLength(5);
  });

  test('more than three templates are one line', async () => {
    const { unreadable, exitCode } = await told({ ...templates('a', 3), ...templates('b', 2) }, verb);
    expect([unreadable, exitCode]).toEqual([['a/0.yaml a template that isn\'t rendered, and the like in 4 other files (--all lists them)'], 2]);
    expect((await told(templates('a', 3), verb)).unreadable).toHaveLength(3);
  });

  test('variables to substitute are separate from templates to render', async () => {
    const variable = Object.fromEntries([0, 1, 2, 3].map((index) => [`b/${index}.yaml`, GOOD.replace('name: good', 'name: ${good}')]));
    const { unreadable } = await told({ ...templates('a', 4), ...variable }, verb);
    expect(unreadable).toEqual([expect.stringMatching(/^a\/0\.yaml .* in 3 other files/), expect.stringMatching(/^b\/0\.yaml '\$\{good\}' in metadata\.name .* in 3 other files/)]);
  });
});

test('a baseline holds each object of a reminder separately', async () => {
  const folder = folderWith({ 'a.yaml': numbered(OPERATOR, 2) });
  const baseline = join(folderWith({}), 'known.yaml');
  await command(['check', folder, '--baseline', baseline, '--write-baseline']);
  const { out } = await command(['check', folderWith({ 'a.yaml': numbered(OPERATOR, 3) }), '--baseline', baseline, '-o', 'json']);
  expect(JSON.parse(out).findings.map(({ code, object }: any) => `${code} ${object.name}`)).toEqual(['ADMIT109 operator2']);
});
