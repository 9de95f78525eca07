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

test.each<[string, string]>([
  ['MTLS1O1', 'Fix: write MTLS101.'],
  ['banana', 'Fix: look at the list.'],
  ['admit201', 'Fix: look into docs/admission.md.'],
])('%s is no rule\'s code', async (code, fix) => {
  const { exitCode, out, error } = await command(['rules', code]);
  expect([exitCode, out, error]).toEqual([2, '', expect.stringContaining(fix)]);
});
