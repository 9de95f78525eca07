import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '../../src/analysis/analysis';
import { command } from '../support/command';

test('every rule has its line', async () => {
  const { exitCode, out } = await command(['rules']);
  expect(exitCode).toBe(0);
  expect(out.split('\n').slice(0, -1).map((line) => line.split(/ {2,}/))).toEqual(CATALOGUE.map(({ code, severity, title }) => [code, severity, title]));
});

test('a code prints its page', async () => {
  const page = readFileSync(join(__dirname, '../../docs/rules/mtls101-plaintext-rule-strict-server.md'), 'utf8');
  expect(await command(['rules', 'mtls101'])).toEqual({ exitCode: 0, out: page, error: '' });
});

test.each([
  ['admit201', '# ADMIT201: an unknown field\n\nRefused by an API server or istiod: the API server rejects it, or drops it if field validation is lenient.\n'],
  ['ADMIT108', '# ADMIT108: a version before v1 if v1 exists\n\nGood to know, and admitted: v1 is the stable version.\n'],
  ['ADMIT109', '# ADMIT109: an IstioOperator\n\nGood to know, and admitted: istioctl reads it; nothing in the cluster does.\n'],
])('%s, a code of admission, prints its row', async (code, out) => {
  expect(await command(['rules', code])).toEqual({ exitCode: 0, out, error: '' });
});

test.each<[string, string]>([
  ['MTLS1O1', 'Fix: write MTLS101.'],
  ['banana', 'Fix: look at the list.'],
  ['ADMIT2O1', 'Fix: write ADMIT201.'],
])('%s is no rule\'s code', async (code, fix) => {
  const { exitCode, out, error } = await command(['rules', code]);
  expect([exitCode, out, error]).toEqual([2, '', expect.stringContaining(fix)]);
});
