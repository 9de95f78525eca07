import { foldedFindings, sourceLine } from '../../../src/cli/findings/text';
import { Severity } from '../../../src/findings/finding';
import { command } from '../../support/command/command';
import { BAD, GOOD, OLD, UNREADABLE } from '../manifests';
import { WARNED } from '../meshes';

async function printed(input: string, settings: { isTerminal?: boolean; columns?: number; env?: NodeJS.ProcessEnv } = {}) {
  return (await command(['validate', '-'], { input, ...settings })).out;
}

test('prints rejections, infos, unreadable documents and the summary', async () => {
  expect(await printed([GOOD, BAD, OLD, UNREADABLE].join('---\n'))).toMatchInlineSnapshot(`
"▸ PeerAuthentication shop/bad
  ✖ refused  <stdin>:17:5  ADMIT201
    found:    spec.mtls.mod is an unknown field ('STRICT')
    expected: a field that spec.mtls has: mode
    because:  the API server rejects unknown fields, or drops them if field validation is lenient
    fix:      write mode instead of mod
      17 |     mod: STRICT
         |     ^

▸ PeerAuthentication shop/old
  ℹ info  <stdin>:19:1  ADMIT108
    found:    apiVersion is 'security.istio.io/v1beta1'
    expected: 'security.istio.io/v1'
    because:  v1 is the stable version, and the older ones are kept only for old manifests
    fix:      write apiVersion: security.istio.io/v1; nothing else changes
      19 | apiVersion: security.istio.io/v1beta1
         | ^

✖ could not read  <stdin>:29:5  ADMIT151
    found:    an unexpected colon
    expected: YAML or JSON
    fix:      correct the text at this position
      29 | a: b: c
         |     ^

3 objects in 1 file: 1 refused (1 error), 1 to know, 1 could not be read.
"
`);
});

test('prints one line if nothing is rejected', async () => {
  expect(await printed(GOOD)).toBe('1 object in 1 file: nothing refused.\n');
});

test('shortens a long line around the position', async () => {
  const object = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'a', namespace: 'b', annotations: { long: 'x'.repeat(300), long2: 'y'.repeat(300) } }, spec: { mod: 1, selector: { matchLabels: { a: 'z'.repeat(60) } } } };
  const [line, caret] = (await printed(JSON.stringify(object))).split('\n').slice(-5);
  expect(line).toMatch(/^ {6}1 \| ….{120}…?$/);
  expect(line.slice(caret.indexOf('^'))).toMatch(/^"mod":1/);
});

test('keeps a tab above and in the caret line', async () => {
  const [line, caret] = (await printed('{"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "a", "namespace": "b"},\n\t"spec": {\t"mod": 1}}')).split('\n').slice(-5);
  expect([line, caret]).toEqual(['      2 | \t"spec": {\t"mod": 1}}', '        | \t         \t^']);
});

test.each([
  ['characters of two columns', 'a: {"日本": 1}', 9],
  ['combining characters', 'a: {"e\u0301u": 1}', 7],
  ['escaped characters', 'a: {"\u200e\u200e": 1}', 17],
])('the caret points to its position after %s', (_, text, width) => {
  expect(sourceLine({ line: 1, column: text.lastIndexOf('"') + 1, text })![1]).toBe(`  | ${' '.repeat(width)}^`);
});

test('escapes control characters', async () => {
  const out = await printed(BAD.replace('bad', '"\\e[31mred\\n\\u202e"'));
  expect(out).not.toContain('\u001b');
  expect(out).toContain('PeerAuthentication shop/\\u001b[31mred\\u000a\\u202e');
});

describe('colours', () => {
  test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ['on a terminal', true, {}, true],
    ['not in a file', false, {}, false],
    ['not in a pipeline\'s log', false, { CI: 'true' }, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', async (_, isTerminal, env, expected) => {
    expect((await printed(BAD, { isTerminal, env })).includes('\u001b[31m')).toBe(expected);
  });
});

describe('prose on a terminal', () => {
  const longest = async (columns?: number) => Math.max(...(await printed(BAD, { isTerminal: true, columns, env: { NO_COLOR: '1' } })).split('\n').map(({ length }) => length));

  test('wraps at the width of the terminal, and indents the next line', async () => {
    const out = await printed(BAD, { isTerminal: true, columns: 70, env: { NO_COLOR: '1' } });
    expect(out).toContain([
      '    because:  the API server rejects unknown fields, or drops them if',
      '              field validation is lenient',
      '    fix:      write mode instead of mod',
    ].join('\n'));
  });

  test('is between 60 and 120 columns wide on narrow and wide terminals', async () => {
    expect(await longest(20)).toBeGreaterThan(50);
    expect(await longest(20)).toBeLessThanOrEqual(60);
    expect(await longest(90)).toBeLessThanOrEqual(90);
    expect(await longest(500)).toBeLessThanOrEqual(120);
  });

  test('isn\'t wrapped in a file', async () => {
    expect(await printed(BAD)).toContain('rejects unknown fields, or drops them if field validation is lenient');
  });
});

const validate = (input: string, ...options: string[]) => command(['validate', '-', ...options], { input });
const named = (text: string, count: number) => Array.from({ length: count }, (_, index) => text.replace(/name: \w+/, `name: object${index}`)).join('---\n');
const old = (group: string, kind: string, version: string) => `apiVersion: ${group}.istio.io/${version}\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\nspec: ${kind === 'DestinationRule' ? '{host: a}' : '{}'}\n`;

describe('findings of one code and severity', () => {
  test('are folded after three, with the number of others', async () => {
    const { out, exitCode } = await validate(named(BAD, 229));
    expect(exitCode).toBe(1);
    expect(out.match(/^▸ .*$/gm)).toEqual(['▸ PeerAuthentication shop/object0', '▸ PeerAuthentication shop/object1', '▸ PeerAuthentication shop/object2']);
    expect(out).toContain('\n    and 226 more of ADMIT201 (--all shows them)\n\n');
    expect(out).toMatch(/\n229 objects in 1 file: 229 refused \(229 errors\)\.\n$/);
  });

  test('are all shown if there are three', async () => {
    const { out } = await validate(named(BAD, 3));
    expect([out.match(/✖ refused/g)!.length, out.includes('more of')]).toEqual([3, false]);
  });

  test('are all shown with --all', async () => {
    const { out } = await validate(named(BAD, 7), '--all');
    expect([out.match(/✖ refused/g)!.length, out.includes('more of')]).toEqual([7, false]);
  });

  test('are folded within one object', async () => {
    const { out } = await validate(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n${Array.from({ length: 400 }, (_, index) => `    nothing${index}: 1\n`).join('')}`);
    expect(out.match(/ADMIT6\d\d/g)!.length).toBe(4);
    expect(out).toContain('    and 397 more of ADMIT');
  });

  test('are folded separately for each severity', () => {
    const finding = (severity: Severity, objectIndex: number) => ({ code: 'MTLS101', severity, field: [], actual: '', expected: '', fix: '', object: {}, objectIndex });
    const findings = (['warning', 'error'] as const).flatMap((severity) => Array.from({ length: 5 }, (_, index) => finding(severity, index)));
    const { shown, more } = foldedFindings(findings, false);
    expect(shown).toEqual([...findings.slice(0, 3), ...findings.slice(5, 8)]);
    expect([...more]).toEqual([[findings[2], 2], [findings[7], 2]]);
  });

  test('don\'t hide other codes or rejections', async () => {
    const { out } = await command(['check', '-'], { input: [named(WARNED.split('---\n')[0], 9), named(BAD, 1)].join('---\n') });
    expect(out).toContain('more of MTLS201');
    expect(out).toContain('✖ refused  <stdin>');
  });

  test.each(['json', 'sarif', 'junit', 'github'])('are all in the output of -o %s', async (format) => {
    const { out } = await validate(named(BAD, 9), '-o', format);
    for (let index = 0; index < 9; index++) expect(out).toMatch(format === 'json' ? `"name": "object${index}"` : `PeerAuthentication shop/object${index}`);
  });

  test('are the same in each run, and --all doesn\'t change the exit code', async () => {
    const input = named(BAD, 9);
    const first = await validate(input);
    expect(await validate(input)).toEqual(first);
    expect((await validate(input, '--all')).exitCode).toBe(first.exitCode);
  });
});

describe('documents that can\'t be read', () => {
  const input = Array.from({ length: 9 }, () => 'a: b: c').join('\n---\n');

  test('are folded after three, with the number of others', async () => {
    const { out, exitCode } = await validate(input);
    expect([exitCode, out.match(/✖ could not read/g)!.length]).toEqual([2, 3]);
    expect(out).toContain('\n    and 6 more of ADMIT151 (--all shows them)\n\n');
    expect(out).toMatch(/: 9 could not be read\.\n$/);
  });

  test('are all shown with --all', async () => {
    const { out } = await validate(input, '--all');
    expect([out.match(/✖ could not read/g)!.length, out.includes('more of')]).toEqual([9, false]);
  });
});

describe('old API versions', () => {
  const OLD_VERSIONS = [old('security', 'PeerAuthentication', 'v1beta1'), old('networking', 'DestinationRule', 'v1alpha3'), old('networking', 'DestinationRule', 'v1beta1').replace('name: a', 'name: b'), old('security', 'PeerAuthentication', 'v1beta1').replace('name: a', 'name: c')].join('---\n');

  test('are one info for the run, with counts', async () => {
    expect(await validate([GOOD, OLD_VERSIONS].join('---\n'))).toEqual({
      exitCode: 0,
      error: '',
      out: [
        'ℹ info  4 objects of old API versions  ADMIT108',
        '    found:    security.istio.io/v1beta1 (2), networking.istio.io/v1alpha3 (1), networking.istio.io/v1beta1 (1)',
        '    expected: v1 of the same group',
        '    because:  v1 is the stable version, and the older ones are kept only for old manifests',
        '    fix:      write v1 instead; nothing else changes (--all shows the objects)',
        '',
        '5 objects in 1 file: nothing refused, 4 to know.',
        '',
      ].join('\n'),
    });
  });

  test('are separate findings with --all and in JSON', async () => {
    expect((await validate(OLD_VERSIONS, '--all')).out.match(/ℹ info {2}<stdin>:\d+:1 {2}ADMIT108/g)!.length).toBe(4);
    expect(JSON.parse((await validate(OLD_VERSIONS, '-o', 'json')).out).findings.map(({ code, severity }: any) => [code, severity])).toEqual(Array(4).fill(['ADMIT108', 'info']));
  });

  test('fail a run only with --fail-on info', async () => {
    const exitCodes = await Promise.all([['warning'], ['info']].map(async ([word]) => (await validate(OLD_VERSIONS, '--fail-on', word)).exitCode));
    expect(exitCodes).toEqual([0, 1]);
  });
});
