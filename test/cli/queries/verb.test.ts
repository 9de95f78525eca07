import { command } from '../../support/command/command';

test.each<[string[], string]>([
  [['plaintext'], '[25h]'],
  [['plaintext', '--window', '7d'], '[7d]'],
  [['refused'], '[1h]'],
  [['refused', '--window', '2w'], '[2w]'],
])('queries %j prints a query for its window', async (args, range) => {
  const { exitCode, out, error } = await command(['queries', ...args]);
  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toContain(range);
});

test('plaintext and refused have different queries', async () => {
  const [plaintext, refused] = await Promise.all(['plaintext', 'refused'].map((name) => command(['queries', name])));
  expect(plaintext.out).toContain('connection_security_policy!="mutual_tls"');
  expect(refused.out).not.toContain('connection_security_policy!="mutual_tls"');
});

test.each<[string[], string]>([
  [['plaintext', '--window', '30m'], 'error: --window is \'30m\'; expected 1h to 90d, in whole h, d or w'],
  [['calls'], 'Allowed choices are plaintext, refused.'],
  [[], 'error: missing required argument \'query\''],
])('queries %j exits with 2', async (args, message) => {
  expect(await command(['queries', ...args])).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(message) });
});
