import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { BROKEN, SOUND } from '../meshes';

afterAll(removeFolders);

const PERMISSIVE = SOUND.replace('mode: STRICT', 'mode: PERMISSIVE');
const withoutService = (from: string) => from.split('---\n').filter((text) => !text.includes('kind: Service\n')).join('---\n');

const plan = (before: string, after: string, ...options: string[]) => (
  command(['plan', 'old', 'new', ...options], { cwd: folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after }) }));

test('connections that the change itself breaks are reported', async () => {
  const { exitCode, out } = await plan(SOUND, BROKEN);
  expect(exitCode).toBe(0);
  expect(out).toContain('⚠ The change itself breaks 1 connection, in any order: see istio-mtls diff.\n');
});

test.each([
  ['ends calls', SOUND, withoutService(SOUND), 'ends 1 connection'],
  ['opens STRICT ports', SOUND, PERMISSIVE, 'opens STRICT ports of 2 workloads to plaintext'],
  ['ends calls and opens ports', SOUND, withoutService(PERMISSIVE), 'ends 1 connection and opens STRICT ports of 2 workloads to plaintext'],
])('a change that %s isn\'t called safe without saying so', async (_, before, after, said) => {
  const { out } = await plan(before, after);
  expect(out).toContain(`⚠ The change itself ${said}, in any order: see istio-mtls diff.\n`);
  expect(out).not.toMatch(/^✔/);
  expect((await plan(before, after, '-o', 'markdown')).out.split('\n')[0]).toBe('### istio-mtls plan: ⚠️ the change itself makes the mesh worse, in any order');
});

test.each([
  ['nothing else changes', SOUND, SOUND.replace('    mode: STRICT', '    mode: STRIKT'), 'No change affects connections: apply all of them at once.', 0],
  ['the rest is safe at once', PERMISSIVE, withoutService(PERMISSIVE.replace('mode: PERMISSIVE', 'mode: STRIKT')), 'All changes may be applied at once, in any order.', 1],
])('a plan isn\'t called safe if an object of NEW would be rejected and %s', async (_, before, after, said, stages) => {
  const { out } = await plan(before, after);
  expect(out.split('\n')[0]).toBe(`✖ 1 object of NEW would be rejected: what follows holds for the rest alone. ${said}`);
  const markdown = (await plan(before, after, '-o', 'markdown')).out;
  expect(markdown.split('\n')[0]).toBe(`### istio-mtls plan: ❌ 1 object of NEW would be rejected; the rest has ${stages} stage${stages === 1 ? '' : 's'}`);
});

test('a comment says how many more objects would be rejected than it shows', async () => {
  const wrong = (count: number) => Array.from({ length: count }, (_, index) => `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: wrong-${index}, namespace: shop }
spec: { mtls: { mode: STRIKT } }
`).join('');
  const comment = async (count: number) => (await plan(SOUND, `${SOUND}${wrong(count)}`, '-o', 'markdown')).out;
  const many = await comment(17);
  expect(many.match(/^Rejected by the API server or istiod: /gm)).toHaveLength(15);
  expect(many).toContain('\n2 more would be rejected.\n');
  expect(await comment(15)).not.toContain('more would be rejected');
});

describe('a plan isn\'t called safe without saying what isn\'t judged', () => {
  const KNATIVE = (inject: boolean) => `${SOUND}---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: hello, namespace: shop}\n`
    + `spec: {template: {metadata: {annotations: {sidecar.istio.io/inject: "${inject}"}}}}\n`;
  const ROUTE = (fault: string) => `${SOUND}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ratings, namespace: shop}\n`
    + `spec: {hosts: [ratings], http: [{${fault}route: [{destination: {host: ratings}}]}]}\n`;

  test('of kinds that aren\'t read', async () => {
    const { out } = await plan(KNATIVE(true), KNATIVE(false));
    expect(out).toMatch(/^⚠ No change that is read affects connections; 1 changed object isn't judged\.\n/);
    expect(out).toContain('Not judged, kinds that aren\'t read: 1 Service.serving.knative.dev.\n');
    const { out: comment } = await plan(KNATIVE(true), KNATIVE(false), '-o', 'markdown');
    expect(comment).toMatch(/^### istio-mtls plan: safe at once; 1 changed object isn't judged\n/);
    expect(comment).toContain('Not judged, kinds that aren\'t read: `1 Service.serving.knative.dev`.');
  });

  test('of faults', async () => {
    const states = [ROUTE(''), ROUTE('fault: {delay: {fixedDelay: 5s}}, ')] as const;
    const { out } = await plan(...states);
    expect(out).toMatch(/^⚠ All changes may be applied at once, in any order; 1 changed object isn't judged\.\n/);
    expect(out).toMatch(/\nNot judged\n {2}~ VirtualService shop\/ratings .*whether requests are aborted or delayed isn't checked\n/);
    expect((await plan(...states, '-o', 'markdown')).out).not.toContain('✅');
    const { unjudged, others } = JSON.parse((await plan(...states, '-o', 'json')).out);
    expect([unjudged.length, others]).toEqual([1, []]);
  });
});
