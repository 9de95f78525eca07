import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { GOOD } from '../manifests';

afterAll(removeFolders);

const named = (name: string) => GOOD.replace('name: good', `name: ${name}`);

async function read(files: Record<string, string>, verb = 'check', ...options: string[]) {
  const folder = folderWith(files);
  const { out, exitCode, error } = await command([verb, folder, '-o', 'json', ...options]);
  const { findings, unreadable, summary } = JSON.parse(out);
  return {
    exitCode,
    summary,
    error,
    findings: findings.map(({ code, field }: any) => `${code} ${field}`),
    unreadable: unreadable.map(({ code, file, line, actual, fix }: any) => `${code} ${file.slice(folder.length + 1)}:${line} ${actual}; ${fix}`),
  };
}

describe.each(['check', 'validate'])('in %s', (verb) => {
  test('variables that make values invalid are one problem for each file, without findings', async () => {
    const text = ['${app}-one', '${app}-two', '${app:=web}-three'].map(named).join('---\n');
    const { findings, unreadable, exitCode, summary } = await read({ 'a.yaml': text, 'b.yaml': named('${other}'), 'c.yaml': GOOD }, verb);
    const fix = 'substitute first, as Flux and envsubst do, and check the result';
    expect(unreadable).toEqual([
      `ADMIT158 a.yaml:4 '\${app}-one' in metadata.name of PeerAuthentication, and 2 more such values; ${fix}`,
      `ADMIT158 b.yaml:4 '\${other}' in metadata.name of PeerAuthentication; ${fix}`,
    ]);
    expect([findings, exitCode, summary.unreadable]).toEqual([[], 2, 2]);
  });

  test.each([['"{{ app }}"'], ['"x-{{ .Values.app }}"'], ["'{{.app}}'"]])('a quoted template is recognized: %s', async (name) => {
    const { findings, unreadable } = await read({ 'a.yaml': named(name) }, verb);
    expect([findings, unreadable]).toEqual([[], [expect.stringMatching(/^ADMIT158 a\.yaml:4 .* in metadata\.name of PeerAuthentication; render the template first, and check the result$/)]]);
  });

  test('other mistakes of the object are findings', async () => {
    const { findings, unreadable } = await read({ 'a.yaml': named('${app}').replace('mode: STRICT', 'mode: STRICTT') }, verb);
    expect([findings, unreadable.length]).toEqual([['ADMIT204 spec.mtls.mode'], 1]);
  });

  test.each([['$1'], ['a{b}'], ['"{app}"'], ['"}}{{"'], ['"${a.b = 5}"'], ['"${}"']])('%s is an invalid name, not a template', async (name) => {
    const { unreadable, exitCode } = await read({ 'a.yaml': named(name) }, verb);
    expect([unreadable, exitCode]).toEqual([[], 1]);
  });

  test('a variable in a valid value is accepted', async () => {
    const { findings, unreadable, exitCode } = await read({ 'a.yaml': `${GOOD}`.replace('namespace: shop', 'namespace: shop\n  annotations: {a: "${app}"}') }, verb);
    expect([findings, unreadable, exitCode]).toEqual([[], [], 0]);
  });

  test.each([['$app'], ['$E2E_NS'], ['web-$app']])('a variable without braces is recognized in names: %s', async (name) => {
    const { findings, unreadable, exitCode } = await read({ 'a.yaml': named(name) }, verb);
    expect([findings, unreadable, exitCode]).toEqual([[], [expect.stringContaining(`'${name}' in metadata.name of PeerAuthentication; substitute first`)], 2]);
  });

  test('a dollar elsewhere is no variable', async () => {
    const { findings, unreadable } = await read({ 'a.yaml': GOOD.replace('mode: STRICT', 'mode: $STRICT') }, verb);
    expect([findings, unreadable]).toEqual([['ADMIT204 spec.mtls.mode'], []]);
  });

  test('variables in names of Kubernetes\' objects are recognized', async () => {
    const service = (metadata: string) => `apiVersion: v1\nkind: Service\nmetadata: ${metadata}\nspec: {ports: [{port: 80}]}\n`;
    const { findings, unreadable } = await read({ 'a.yaml': service('{name: "${app}"}'), 'b.yaml': service('{name: web, namespace: $E2E_NS}') }, verb);
    expect([findings, unreadable.map((text: string) => text.split(';')[0])]).toEqual([[], [
      'ADMIT158 a.yaml:3 \'${app}\' in metadata.name of Service', 'ADMIT158 b.yaml:3 \'$E2E_NS\' in metadata.namespace of Service',
    ]]);
  });

  test('a variable in a label\'s key is recognized', async () => {
    const { unreadable } = await read({ 'a.yaml': GOOD.replace('namespace: shop', 'namespace: shop\n  labels: {"${key}": a}') }, verb);
    expect(unreadable).toEqual([expect.stringContaining('\'${key}\'')]);
  });
});

test('objects with variables are left out of the mesh', async () => {
  const { summary, unreadable } = await read({ 'a.yaml': [named('${app}'), GOOD].join('---\n') });
  expect([summary.objects, summary.refused, unreadable.length]).toEqual([2, 0, 1]);
});

test('a template file is reported once', async () => {
  const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .name }}\n';
  const { unreadable } = await read({ 'a.yaml': [template, template, GOOD, template].join('---\n'), 'b.yaml': [template, template].join('---\n'), 'c.yaml': template });
  const fix = 'render it first, as with helm template, and check the output';
  expect(unreadable).toEqual([
    `ADMIT158 a.yaml:4 a template that isn't rendered, as are 2 other documents of the file; ${fix}`,
    `ADMIT158 b.yaml:4 a template that isn't rendered, as is another document of the file; ${fix}`,
    `ADMIT158 c.yaml:4 a template that isn't rendered; ${fix}`,
  ]);
});
