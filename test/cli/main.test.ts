import { command } from '../support/command/command';

test.each<[string, string[], RegExp]>([
  ['an unknown option', ['validate', '--istiod-namespac', 'x', 'a'], /unknown option '--istiod-namespac'\n\(Did you mean --istiod-namespace\?\)/],
  ['an unknown verb', ['valdate'], /unknown command 'valdate'\n\(Did you mean validate\?\)/],
  ['an unknown format', ['validate', '-o', 'xml', 'a'], /Allowed choices are text, json/],
  ['an invalid namespace', ['validate', '--istiod-namespace', 'A_B', 'a'], /The name of a namespace has at most 63 lowercase letters/],
  ['no path', ['validate'], /missing required argument 'path'/],
  ['no verb', [], /Usage: istio-mtls/],
])('%s exits with 2 and a message', async (_, args, message) => {
  const { exitCode, out, error } = await command(args);
  expect([exitCode, out]).toEqual([2, '']);
  expect(error).toMatch(message);
});

test('--version prints the package\'s version and Istio\'s', async () => {
  expect(await command(['--version'])).toEqual({ exitCode: 0, out: '1.2.3 (Istio 1.31)\n', error: '' });
});

test.each([
  ['of the command', ['--help'], /validate \[options\] \[path\.\.\.\]/],
  ['of a verb', ['validate', '--help'], /Examples:\n {2}\$ istio-mtls validate dist\/[^]*Exit code|Exit code:[^]*Examples:/],
])('the help %s is printed: %j', async (_, args, text) => {
  const { exitCode, out, error } = await command(args);
  expect([exitCode, error]).toEqual([0, '']);
  expect(out).toMatch(text);
});

test('check reports a mesh beyond its limits, and exits with 2', async () => {
  const rules = Array.from({ length: 1001 }, (_, index) => JSON.stringify({
    apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `r${index}`, namespace: 'shop' }, spec: { host: 'web', exportTo: [`ns-${index}`] },
  }));
  const { exitCode, out, error } = await command(['check', '-'], { input: rules.join('\n---\n') });
  expect([exitCode, out]).toEqual([2, '']);
  expect(error).toMatch(/^DestinationRule 'shop\/r\d+': spec\.host is .* Fix: .* \[API090\]\n$/);
});
