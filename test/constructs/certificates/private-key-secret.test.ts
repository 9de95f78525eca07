import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { CaSource, CustomCa } from '../../../src/index';
import { newCa } from '../../support/certificates/cacerts';

const { props } = newCa();
const source = CaSource.pem({ iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true, ...props });

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'key-modes-')); });
afterEach(() => rmSync(outdir, { recursive: true }));

/** An app with a key and another object; `numbered` has charts that depend on each other. */
function appWith(yamlOutputType: YamlOutputType, numbered = false): App {
  const app = new App({ outdir, yamlOutputType });
  const other = new Chart(app, 'other');
  new ApiObject(other, 'object', { apiVersion: 'v1', kind: 'ConfigMap' });
  const platform = new Chart(app, 'platform');
  new CustomCa(platform, 'ca', { source });
  if (numbered) platform.node.addDependency(other);
  return app;
}

function modeOf(path: string): number {
  return statSync(path).mode % 0o1000;
}

/** The mode of each written file, and whether it has the key. */
function written(): { name: string; mode: number; hasKey: boolean }[] {
  return readdirSync(outdir, { recursive: true, encoding: 'utf8' }).map((name) => join(outdir, name)).filter((path) => statSync(path).isFile())
    .map((path) => ({ name: path, mode: modeOf(path), hasKey: readFileSync(path, 'utf8').includes('ca-key.pem') }));
}

describe.each([
  ['a file for each chart', YamlOutputType.FILE_PER_CHART, false],
  ['a numbered file for each chart', YamlOutputType.FILE_PER_CHART, true],
  ['a file for each resource', YamlOutputType.FILE_PER_RESOURCE, false],
  ['a folder for each chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, false],
  ['a numbered folder for each chart', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, true],
])('if the app writes %s', (_, type, numbered) => {
  test('only its owner can read the file with the private key, and others can read the other files', () => {
    appWith(type, numbered).synth();
    const files = written();
    expect(files.filter(({ hasKey }) => hasKey).map(({ mode }) => mode)).toEqual([0o600]);
    expect(files.filter(({ hasKey, mode }) => !hasKey && mode === 0o600)).toEqual([]);
    expect(files.every(({ name }) => statSync(name).size > 0 || !name.includes('private-key'))).toBe(true);
  });

  test('an existing file that others can read gets mode 600', () => {
    appWith(type, numbered).synth();
    const { name } = written().find(({ hasKey }) => hasKey)!;
    chmodSync(name, 0o644);
    appWith(type, numbered).synth();
    expect(modeOf(name)).toBe(0o600);
  });
});

test('synthYaml creates no file', () => {
  const app = appWith(YamlOutputType.FILE_PER_CHART);
  app.synthYaml();
  app.charts.forEach((chart) => Testing.synth(chart));
  expect(readdirSync(outdir)).toEqual([]);
});

test('a synth that fails leaves no file behind', async () => {
  const app = appWith(YamlOutputType.FILE_PER_CHART);
  app.node.addValidation({ validate: () => ['no'] });
  expect(() => app.synth()).toThrow('no');
  await Promise.resolve();
  expect(existsSync(outdir) && readdirSync(outdir)).toEqual([]);
});
