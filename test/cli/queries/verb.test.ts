import { command } from '../../support/command/command';

test.each<[string, string[], string]>([
  ['plaintext by default', ['plaintext'], '[25h]'],
  ['plaintext with --window', ['plaintext', '--window', '7d'], '[7d]'],
  ['refused by default', ['refused'], '[1h]'],
  ['refused with --window', ['refused', '--window', '2w'], '[2w]'],
])('the window of the query: %s: %j', async (_, args, range) => {
  const { exitCode, out, error } = await command(['queries', ...args]);
  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toContain(range);
});

test('plaintext and refused have different queries', async () => {
  const [plaintext, refused] = await Promise.all(['plaintext', 'refused'].map((name) => command(['queries', name])));
  expect(plaintext.out).toContain('connection_security_policy!="mutual_tls"');
  expect(refused.out).not.toContain('connection_security_policy!="mutual_tls"');
});

test.each<[string, string[], string]>([
  ['a window that is too short', ['plaintext', '--window', '30m'], 'error: --window is \'30m\'; expected 1h to 90d, in whole h, d or w'],
  ['an unknown query', ['calls'], 'Allowed choices are plaintext, refused.'],
  ['no query', [], 'error: missing required argument \'query\''],
])('%s exits with 2: %j', async (_, args, message) => {
  expect(await command(['queries', ...args])).toMatchObject({ exitCode: 2, out: '', error: expect.stringContaining(message) });
});
