import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';

afterAll(removeFolders);

const workload = (name: string, { calls = '', replicas = 1 } = {}) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop${calls === '' ? '' : `, annotations: {calls.istio-mtls/to: ${calls}}`}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
`;
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n';
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{name: http, port: 80, targetPort: 8080}]}
`;
const WEB = workload('web');
const CALLER = workload('web', { calls: 'shop/db' });
const DB = workload('db');
const IDLE = workload('db', { replicas: 0 });
const OTHER = workload('other').replace(/app: other/g, 'app: db');
const SHOP = [NAMESPACE, WEB, DB, SERVICE];

const run = (verb: string, before: string[], after: string[], ...options: string[]) => command([verb, 'old', 'new', ...options],
  { cwd: folderWith({ 'old/mesh.yaml': before.join('---\n'), 'new/mesh.yaml': after.join('---\n') }) });

describe.each<[string, string[], string[]]>([
  ['a server is deleted, and its Service stays', SHOP, [NAMESPACE, WEB, SERVICE]],
  ['a server of a declared call is deleted', [NAMESPACE, CALLER, DB, SERVICE], [NAMESPACE, CALLER, SERVICE]],
  ['a declared call loses its Service and server', [NAMESPACE, CALLER, DB, SERVICE], [NAMESPACE, CALLER]],
  ['a server is scaled to zero', SHOP, [NAMESPACE, WEB, IDLE, SERVICE]],
])('%s', (_, before, after) => {
  test('diff fails', async () => {
    const { exitCode, out } = await run('diff', before, after, '-o', 'json');
    const report = JSON.parse(out);
    expect(validatorOf('diff').validate(report)).toEqual({ valid: true, errors: [] });
    expect([exitCode, report.failures]).toEqual([1, ['lost: 1 connection']]);
    expect((await run('diff', before, after, '--fail-on', 'never')).exitCode).toBe(0);
  });

  test.each(['text', 'markdown', 'github'])('%s says so', async (format) => {
    const { out } = await run('diff', before, after, '-o', format);
    expect(out).toMatch(/mtls → gone|no pods now: 1 connection to it ends/);
    expect(out).toMatch(/lost: 1 connection/);
    expect(out).not.toMatch(/✅|nothing changes/);
  });

  test.each(['text', 'markdown'])('plan says what ends: %s', async (format) => {
    const { out } = await run('plan', before, after, '-o', format);
    expect(out).toContain('The change itself ends 1 connection, in any order');
    expect(out).not.toMatch(/✔ All changes|✔ No change|✅|doesn't affect connections|No change affects/);
  });
});

test('an application that is deleted as a whole is removed, and the headline says how many connections', async () => {
  const { exitCode, out } = await run('diff', SHOP, [NAMESPACE, WEB], '-o', 'markdown');
  expect([exitCode, out.split('\n')[0]]).toEqual([0, '### istio-mtls diff: ✅ nothing fails, 1 connection removed']);
});

test('a server that others replace is removed', async () => {
  const { exitCode, out } = await run('diff', [...SHOP, OTHER], [NAMESPACE, WEB, OTHER, SERVICE], '-o', 'markdown');
  expect([exitCode, out.split('\n')[0]]).toEqual([0, expect.stringMatching(/✅ nothing fails, \d connections? removed$/)]);
});

test('a workload that is scaled to zero while others serve its calls is told, and fails nothing', async () => {
  const { exitCode, out } = await run('diff', [...SHOP, OTHER], [NAMESPACE, WEB, IDLE, SERVICE, OTHER], '-o', 'markdown');
  expect([exitCode, out.split('\n')[0]]).toEqual([0, '### istio-mtls diff: ✅ nothing fails, 1 workload without pods now']);
  expect(out).toContain('no pods now: no call ends');
});
