import { BAD, GOOD } from './manifests';
import { WARNED } from './meshes';
import { foldedFindings } from '../../src/cli/folding';
import { Severity } from '../../src/findings/finding';
import { command } from '../support/command';

const validate = (input: string, ...options: string[]) => command(['validate', '-', ...options], { input });
const named = (text: string, count: number) => Array.from({ length: count }, (_, index) => text.replace(/name: \w+/, `name: object${index}`)).join('---\n');
const old = (group: string, kind: string, version: string) => `apiVersion: ${group}.istio.io/${version}\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\nspec: ${kind === 'DestinationRule' ? '{host: a}' : '{}'}\n`;

describe('findings of one code and severity', () => {
  test('are shown three times, and counted', async () => {
    const { out, exitCode } = await validate(named(BAD, 229));
    expect(exitCode).toBe(1);
    expect(out.match(/^▸ .*$/gm)).toEqual(['▸ PeerAuthentication shop/object0', '▸ PeerAuthentication shop/object1', '▸ PeerAuthentication shop/object2']);
    expect(out).toContain('\n    and 226 more of ADMIT201 (--all shows them)\n\n');
    expect(out).toMatch(/\n229 objects in 1 file: 229 refused \(229 errors\)\.\n$/);
  });

  test('are all shown where there are three', async () => {
    const { out } = await validate(named(BAD, 3));
    expect([out.match(/✖ refused/g)!.length, out.includes('more of')]).toEqual([3, false]);
  });

  test('are all shown with --all', async () => {
    const { out } = await validate(named(BAD, 7), '--all');
    expect([out.match(/✖ refused/g)!.length, out.includes('more of')]).toEqual([7, false]);
  });

  test('are folded in one object too', async () => {
    const { out } = await validate(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n${Array.from({ length: 400 }, (_, index) => `    nothing${index}: 1\n`).join('')}`);
    expect(out.match(/ADMIT6\d\d/g)!.length).toBe(4);
    expect(out).toContain('    and 397 more of ADMIT');
  });

  test('of another severity are folded apart', () => {
    const finding = (severity: Severity, objectIndex: number) => ({ code: 'MTLS101', severity, field: [], actual: '', expected: '', fix: '', object: {}, objectIndex });
    const findings = (['warning', 'error'] as const).flatMap((severity) => Array.from({ length: 5 }, (_, index) => finding(severity, index)));
    const { shown, more } = foldedFindings(findings, false);
    expect(shown).toEqual([...findings.slice(0, 3), ...findings.slice(5, 8)]);
    expect([...more]).toEqual([[findings[2], 2], [findings[7], 2]]);
  });

  test('never hide another code, nor a worse severity', async () => {
    const { out } = await command(['check', '-'], { input: [named(WARNED.split('---\n')[0], 9), named(BAD, 1)].join('---\n') });
    expect(out).toContain('more of MTLS201');
    expect(out).toContain('✖ refused  <stdin>');
  });

  test.each(['json', 'sarif', 'junit', 'github'])('are all in -o %s', async (format) => {
    const { out } = await validate(named(BAD, 9), '-o', format);
    for (let index = 0; index < 9; index++) expect(out).toMatch(format === 'json' ? `"name": "object${index}"` : `PeerAuthentication shop/object${index}`);
  });

  test('are the same ones each time, with the same exit code', async () => {
    const input = named(BAD, 9);
    const first = await validate(input);
    expect(await validate(input)).toEqual(first);
    expect((await validate(input, '--all')).exitCode).toBe(first.exitCode);
  });
});

describe('documents that can\'t be read', () => {
  const input = Array.from({ length: 9 }, () => 'a: b: c').join('\n---\n');

  test('are shown three times, and counted', async () => {
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
  const OLD = [old('security', 'PeerAuthentication', 'v1beta1'), old('networking', 'DestinationRule', 'v1alpha3'), old('networking', 'DestinationRule', 'v1beta1').replace('name: a', 'name: b'), old('security', 'PeerAuthentication', 'v1beta1').replace('name: a', 'name: c')].join('---\n');

  test('are told once for the run, with their counts', async () => {
    expect(await validate([GOOD, OLD].join('---\n'))).toEqual({
      exitCode: 0,
      error: '',
      out: [
        'ℹ info  4 objects of old API versions  ADMIT108',
        '    found:    security.istio.io/v1beta1 (2), networking.istio.io/v1alpha3 (1), networking.istio.io/v1beta1 (1)',
        '    expected: v1 of the same group',
        '    because:  v1 is the stable version, and the older ones are kept only for old manifests',
        '    fix:      write v1 in its place; nothing else changes (--all shows the objects)',
        '',
        '5 objects in 1 file: nothing refused, 4 to know.',
        '',
      ].join('\n'),
    });
  });

  test('are told one by one with --all, and by a machine\'s format', async () => {
    expect((await validate(OLD, '--all')).out.match(/ℹ info {2}<stdin>:\d+:1 {2}ADMIT108/g)!.length).toBe(4);
    expect(JSON.parse((await validate(OLD, '-o', 'json')).out).findings.map(({ code, severity }: any) => [code, severity])).toEqual(Array(4).fill(['ADMIT108', 'info']));
  });

  test('fail a run only if infos do', async () => {
    const exitCodes = await Promise.all([['warning'], ['info']].map(async ([word]) => (await validate(OLD, '--fail-on', word)).exitCode));
    expect(exitCodes).toEqual([0, 1]);
  });
});
