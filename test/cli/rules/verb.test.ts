import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../../src/analysis/analysis';
import { RETIRED_CODES } from '../../../src/analysis/rule';
import { command } from '../../support/command/command';

test('lists code, severity and title of every rule', async () => {
  const { exitCode, out } = await command(['rules']);
  expect(exitCode).toBe(0);
  expect(out.split('\n').slice(0, -1).map((line) => line.split(/ {2,}/))).toEqual(CATALOGUE.map(({ code, severity, title }) => [code, severity, title]));
});

test('prints the page of a code', async () => {
  const page = readFileSync(join(__dirname, '../../../docs/rules/mtls101-plaintext-rule-strict-server.md'), 'utf8');
  expect(await command(['rules', 'mtls101'])).toEqual({ exitCode: 0, out: page, error: '' });
});

test.each([
  ['admit201', '# ADMIT201: an unknown field\n\nRefused by an API server or istiod: the API server rejects it, or drops it if field validation is lenient.\n'],
  ['ADMIT108', '# ADMIT108: a version before v1 if v1 exists\n\nGood to know, and admitted: v1 is the stable version.\n'],
  ['ADMIT109', '# ADMIT109: an IstioOperator\n\nGood to know, and admitted: istioctl reads it; nothing in the cluster does.\n'],
])('prints the entry of admission code %s', async (code, out) => {
  expect(await command(['rules', code])).toEqual({ exitCode: 0, out, error: '' });
});

test.each<[string, string]>([
  ['MTLS1O1', 'Fix: write MTLS101.'],
  ['banana', 'Fix: look at the list.'],
  ['ADMIT2O1', 'Fix: write ADMIT201.'],
  ['API0O1', 'Fix: write API001.'],
])('%s is an unknown code', async (code, fix) => {
  const { exitCode, out, error } = await command(['rules', code]);
  expect([exitCode, out, error]).toEqual([2, '', expect.stringContaining(fix)]);
});

test('prints the entry of a construct\'s error', async () => {
  expect((await command(['rules', 'api001'])).out).toBe('# API001: a second mesh-wide policy in one mesh\n\nRefused (PeerAuthentication): Istio keeps the oldest and ignores the others.\n');
});

test('explains every code in the sources', async () => {
  const source = join(__dirname, '../../../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const codes = new Set(files.flatMap((name) => readFileSync(join(source, name), 'utf8').match(/(?<=['"`])(?:MTLS|ADMIT|API)\d{3}(?=['"`])|\bADMIT\d{3}(?=:)/g) ?? []));
  expect(codes.size).toBeGreaterThan(300);
  const unexplained = [];
  for (const code of codes) {
    const { exitCode, out } = await command(['rules', code]);
    if (exitCode !== 0 || !out.startsWith(`# ${code}: `) || /undefined|: \.|\| /.test(out.split('\n')[0])) unexplained.push(code);
  }
  expect(unexplained.filter((code) => !RETIRED_CODES.includes(code))).toEqual([]);
});
