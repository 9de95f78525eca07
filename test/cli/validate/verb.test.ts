import { readFileSync, symlinkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { newCa } from '../../support/certificates/cacerts';
import { privateHalf, shows } from '../../support/certificates/leaks';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';
import { BAD, GOOD, OLD, SERVICE, UNREADABLE } from '../manifests';

afterAll(removeFolders);

const schema = validatorOf('validate');

/** The output of `validate -o json`, validated against its schema. */
async function validated(paths: readonly string[], options: readonly string[] = [], input?: string) {
  const { exitCode, out, error } = await command(['validate', '-o', 'json', ...options, ...paths], { input });
  expect(error).toBe('');
  const report = JSON.parse(out);
  expect(schema.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, report, codes: [...report.findings, ...report.unreadable].map(({ code }: any) => code) };
}

async function filesJudged(folder: string, paths: readonly string[]): Promise<string[]> {
  const { report } = await validated(paths);
  return report.findings.map(({ file }: any) => file.replace(`${folder}/`, ''));
}

describe('exit codes', () => {
  test.each<[string, string, number, string[]]>([
    ['0 for valid objects', GOOD, 0, []],
    ['0 for infos', OLD, 0, ['ADMIT108']],
    ['1 for rejected objects', `${GOOD}---\n${BAD}`, 1, ['ADMIT201']],
    ['2 for unreadable input', UNREADABLE, 2, ['ADMIT151']],
    ['2 for unreadable input beside rejected objects', `${UNREADABLE}---\n${BAD}`, 2, ['ADMIT201', 'ADMIT151']],
  ])('%s', async (_, text, expected, expectedCodes) => {
    const { exitCode, codes } = await validated(['-'], [], text);
    expect([exitCode, codes]).toEqual([expected, expectedCodes]);
  });
});

describe('other formats', () => {
  const input = [GOOD, BAD, OLD, UNREADABLE].join('---\n');
  const printed = async (format: string, ...options: string[]) => (await command(['validate', '-', '-o', format, ...options], { input })).out;

  test('SARIF is valid and has all findings', async () => {
    const sarif = JSON.parse(await printed('sarif'));
    expect(new Validator(JSON.parse(readFileSync(join(__dirname, '../../schemas/sarif-2.1.0.json'), 'utf8')), '4').validate(sarif)).toEqual({ valid: true, errors: [] });
    expect(sarif.runs[0].results.map(({ ruleId, level }: any) => [ruleId, level])).toEqual([['ADMIT201', 'error'], ['ADMIT108', 'note']]);
    expect(sarif.runs[0].invocations[0]).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ descriptor: { id: 'ADMIT151' } }] });
  });

  test('JUnit has a test case for each object', async () => {
    expect(await printed('junit')).toContain('<testsuite name="istio-mtls" tests="4" failures="1" errors="1" skipped="0">');
    expect(await printed('junit', '--fail-on', 'info')).toContain('<testsuite name="istio-mtls" tests="4" failures="2" errors="1" skipped="0">');
  });

  test('GitHub annotations have positions', async () => {
    expect((await printed('github')).split('\n').map((line) => /^::\w+ [^:]*/.exec(line)?.[0])).toEqual([
      '::error file=<stdin>,line=17,col=5,title=ADMIT201', '::notice file=<stdin>,line=19,col=1,title=ADMIT108', '::error file=<stdin>,line=29,col=5,title=ADMIT151', undefined,
    ]);
  });
});

test('a finding has object, position, field and fix', async () => {
  const folder = folderWith({ 'a.yaml': `${GOOD}---\n${BAD}` });
  const { report } = await validated([join(folder, 'a.yaml')]);
  expect(report).toEqual({
    format: 1,
    istio: '1.31',
    summary: { files: 1, objects: 2, refused: 1, errors: 1, warnings: 0, infos: 0, unreadable: 0, skipped: 0, facts: 0 },
    findings: [{
      severity: 'error',
      code: 'ADMIT201',
      file: join(folder, 'a.yaml'),
      line: 17,
      column: 5,
      object: { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', namespace: 'shop', name: 'bad' },
      field: 'spec.mtls.mod',
      path: ['spec', 'mtls', 'mod'],
      actual: 'an unknown field (\'STRICT\')',
      expected: 'a field that spec.mtls has: mode',
      because: expect.any(String),
      fix: 'write mode instead of mod',
    }],
    unreadable: [],
    skipped: [],
    notes: [],
  });
});

describe('paths', () => {
  const folder = folderWith({
    'b/z.yaml': BAD,
    'b/a.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'x' }, spec: { mod: 1 } }] }),
    'a.yml': BAD,
    'c.txt': BAD,
    '.hidden/a.yaml': BAD,
    '.hidden.yaml': BAD,
    'node_modules/a.yaml': BAD,
    'b/node_modules/a.yaml': BAD,
  });

  test.each<[string, string[], string[]]>([
    ['a folder is read in the order of names', [folder], ['a.yml', 'b/a.json', 'b/z.yaml']],
    ['a named file may have any extension', [`${folder}/c.txt`], ['c.txt']],
    ['paths are read in their order, and each file once', [`${folder}/b/z.yaml`, folder, `${folder}/b/../a.yml`], ['b/z.yaml', 'a.yml', 'b/a.json']],
    ['a pattern matches manifests in folders', [`${folder}/**/*.yaml`], ['b/z.yaml']],
    ['a pattern skips files that aren\'t manifests', [`${folder}/*`], ['a.yml']],
    ['a pattern may have alternatives', [`${folder}/{a,c}.{yml,txt}`], ['a.yml']],
  ])('%s', async (_, paths, expected) => {
    expect(await filesJudged(folder, paths)).toEqual(expected);
  });

  test('standard input is read only once', async () => {
    const { report } = await validated(['-', '-'], [], BAD);
    expect(report.summary).toMatchObject({ files: 1, refused: 1 });
    expect(report.findings[0].file).toBe('<stdin>');
  });

  test('follows links to files, but not to folders, and reports circular and broken links', async () => {
    const linked = folderWith({ 'a.yaml': BAD });
    mkdirSync(join(linked, 'sub'));
    symlinkSync(linked, join(linked, 'sub/up'));
    symlinkSync(join(linked, 'a.yaml'), join(linked, 'sub/b.yaml'));
    symlinkSync(join(linked, 'circle.yaml'), join(linked, 'circle.yaml'));
    symlinkSync(join(linked, 'nowhere'), join(linked, 'gone.yaml'));
    const { report, exitCode } = await validated([linked]);
    expect(report.findings.map(({ file }: any) => file)).toEqual(['a.yaml', 'sub/b.yaml'].map((file) => join(linked, file)));
    expect(report.unreadable.map(({ code, file, actual }: any) => [code, file, actual])).toEqual([
      ['ADMIT163', join(linked, 'circle.yaml'), 'a link that leads to itself'],
      ['ADMIT161', join(linked, 'gone.yaml'), 'missing'],
    ]);
    expect(exitCode).toBe(2);
  });

  test.each([
    ['a missing file', 'missing.yaml', 'ADMIT161'],
    ['a pattern that matches nothing', 'x*.yaml', 'ADMIT162'],
    ['a pattern that matches no manifest', '*.txt', 'ADMIT162'],
    ['a path below a file', 'a.yml/x', 'ADMIT163'],
  ])('%s is unreadable, and others are checked', async (_, path, code) => {
    const { exitCode, codes } = await validated([join(folder, path), join(folder, 'a.yml')]);
    expect([exitCode, codes]).toEqual([2, ['ADMIT201', code]]);
  });

  test('a folder without manifests is unreadable', async () => {
    const { exitCode, codes } = await validated([folderWith({ 'a.txt': BAD })]);
    expect([exitCode, codes]).toEqual([2, ['ADMIT162']]);
  });
});

describe('files without Kubernetes objects', () => {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'values.yaml': 'mtls: {mode: STRICT}\n',
    'package.json': '{"name": "x"}',
    'empty.yaml': '# nothing\n',
    's.yaml': SERVICE,
  };

  test('are skipped in a folder', async () => {
    const { exitCode, report } = await validated([folderWith(files)]);
    expect(exitCode).toBe(0);
    expect(report.summary).toEqual({ files: 3, objects: 1, refused: 0, errors: 0, warnings: 0, infos: 0, unreadable: 0, skipped: 3, facts: 0 });
  });

  test.each([['Chart.yaml', 1, ['ADMIT103']], ['values.yaml', 1, ['ADMIT103']], ['empty.yaml', 2, ['ADMIT165']], ['s.yaml', 0, []]])('are rejected if named: %s', async (name, expected, expectedCodes) => {
    const { exitCode, codes } = await validated([join(folderWith(files), name)]);
    expect([exitCode, codes]).toEqual([expected, expectedCodes]);
  });

  test('a file that is named and in a named folder counts as named', async () => {
    const folder = folderWith(files);
    const { codes } = await validated([folder, join(folder, 'values.yaml')]);
    expect(codes).toEqual(['ADMIT103']);
  });

  test('a list is skipped in a folder, and rejected if named or as an item of a List', async () => {
    const folder = folderWith({ 'patch.yaml': '- {op: remove, path: /spec}\n', 'list.yaml': 'kind: List\nitems: [[]]\n', 'text.yaml': 'hello\n' });
    expect(await validated([folder])).toMatchObject({ exitCode: 2, codes: ['ADMIT155'], report: { summary: { skipped: 2, unreadable: 1 } } });
    expect(await validated([join(folder, 'patch.yaml')])).toMatchObject({ exitCode: 2, codes: ['ADMIT155'] });
  });

  test.each<[string, string, string[]]>([
    ['an object without apiVersion', 'kind: PeerAuthentication\n', ['ADMIT102']],
    ['an object with only an apiVersion', 'apiVersion: security.istio.io/v1\nmetadata: {name: a}\n', ['ADMIT103']],
    ['an item of a List', 'apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]\n', ['ADMIT103']],
  ])('%s is rejected in a folder', async (_, text, expected) => {
    expect((await validated([folderWith({ 'a.yaml': text })])).codes).toEqual(expected);
  });

  test('empty standard input exits with 2', async () => {
    const { exitCode, codes } = await validated(['-'], [], '');
    expect([exitCode, codes]).toEqual([2, ['ADMIT165']]);
  });
});

test('binary files and other encodings are unreadable', async () => {
  const folder = folderWith({ 'a.yaml': Buffer.from([0xff, 0xfe, 0x61, 0]), 'b.yaml': Buffer.from('apiVersion: v1\nkind: \u0000') });
  const { exitCode, codes } = await validated([folder]);
  expect([exitCode, codes]).toEqual([2, ['ADMIT166', 'ADMIT157']]);
});

test('--istiod-namespace sets the namespace of the mesh config', async () => {
  const mesh = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: mesh}\ndata:\n  mesh: |\n    foo: 1\n';
  expect((await validated(['-'], [], mesh)).codes).toEqual([]);
  const { report } = await validated(['-'], ['--istiod-namespace', 'mesh'], mesh);
  expect(report.findings).toMatchObject([{ code: 'ADMIT602', line: 6, column: 5, field: 'data.mesh.foo' }]);
});

describe('a private key is never printed', () => {
  const { caKey } = newCa().props;
  const key = privateHalf(caKey);
  const base64 = Buffer.from(caKey).toString('base64');
  const indented = caKey.replace(/^/gm, '    ');
  const labels = 'metadata:\n  name: cacerts\n  namespace: istio-system\n  labels: {istio.io/revv: a}\n';

  test.each([
    ['in a Secret with an objection', `apiVersion: v1\nkind: Secret\n${labels}stringData:\n  custom-ca: |\n${indented}\n`],
    ['in a Secret in base64', `apiVersion: v1\nkind: Secret\n${labels}data:\n  ca-cert.pem: ${base64}\n  ca-key.pem: ${base64}x\n`],
    ['in a Secret in a line of JSON', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts' }, stringData: { 'ca-key.pem': caKey } }, { kind: 'A' }] })],
    ['in a Secret that can\'t be parsed', `apiVersion: v1\nkind: Secret\ndata:\n  a: ${base64}: x\n`],
    ['as an alias', `apiVersion: v1\nkind: Secret\ndata:\n  a: *${base64}\n`],
    ['in an object with a part of a Secret', `data:\n  a: ${base64}\n`],
    ['in a file of its own', caKey],
    ['in base64 in a file of its own', base64],
    ['in a list', `- |\n${indented}`],
    ['in a ConfigMap', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    a: |\n${indented.replace(/^/gm, '    ')}`],
    ['as a tag', `apiVersion: v1\nkind: Secret\ndata:\n  a: !<${key} x\n`],
    ['as a duplicate key', `apiVersion: v1\nkind: Secret\ndata: {${key}: x, ${key}: y}\n`],
  ])('if it is %s', async (_, text) => {
    for (const output of ['text', 'json']) {
      const { out, error } = await command(['validate', '-o', output, '-'], { input: text });
      expect(out).toMatch(/ADMIT\d/);
      expect(shows(out + error, key)).toBe(false);
    }
  });

  test('in a field of another kind', async () => {
    const input = `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {x: ${key}0aA}\n`;
    expect(shows(input, key)).toBe(true);
    const { out } = await command(['validate', '-'], { input });
    expect(shows(out, key)).toBe(false);
  });
});
