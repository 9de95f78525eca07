import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../../support/command/command';
import { folderWith, removeFolders } from '../../support/command/scratch';
import { validatorOf } from '../../support/documents/schemas';

afterAll(removeFolders);

const SCHEMA = validatorOf('plan');

const workload = (name: string, calls?: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', ...calls !== undefined && { annotations: { 'calls.istio-mtls/to': calls } } },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 80 }] }] } } },
});
const service = (name: string) => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] } });
const off = (name: string) => (
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `${name}-off`, namespace: 'shop' }, spec: { host: name, trafficPolicy: { tls: { mode: 'DISABLE' } } } });
const STRICT = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'shop' }, spec: { mtls: { mode: 'STRICT' } } };

/** A client of `cart` and `orders`, which call nothing themselves. */
const shop = (web: string | undefined, ...more: object[]) => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
  workload('web', web), workload('cart', ''), workload('orders', ''), service('cart'), service('orders'), ...more,
].map((object) => JSON.stringify(object)).join('\n---\n');

const folders = (before: string, after: string) => folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });
const planIn = (cwd: string, ...options: string[]) => command(['plan', 'old', 'new', ...options], { cwd });
const plan = (before: string, after: string, ...options: string[]) => planIn(folders(before, after), ...options);

/** The lines of the plan as text that aren't a step or an assumption. */
async function told(before: string, after: string, ...options: string[]): Promise<string[]> {
  const { out } = await plan(before, after, ...options);
  return out.split('\n').filter((line) => !/^(?:$|  |Istio 1|Assumed)/.test(line));
}

/** The plan as JSON, validated against its schema. */
async function reported(before: string, after: string, ...options: string[]) {
  const { exitCode, out } = await plan(before, after, '-o', 'json', ...options);
  const report = JSON.parse(out);
  expect(SCHEMA.validate(report)).toEqual({ valid: true, errors: [] });
  return { exitCode, ...report };
}

const CLIENTS = 'because workloads declare their calls: Deployment shop/cart, Deployment shop/orders, Deployment shop/web';
const AT_ONCE = 'All changes may be applied at once, in any order: proven for declared calls.';
const STAGE = 'Stage 1 of 1  ✔ proven for declared calls, in any order';
const NARROWED = 'Deployment shop/web no longer declares 1 call: orders.shop.svc.cluster.local:80';
const ALL = '(--all-calls plans for them).';

/** Nobody declares a call to `cart`, whose plaintext rule gives way to STRICT. */
const SWAPPED = [shop('', off('cart')), shop('', STRICT)] as const;

test.each<[string, readonly [string, string], readonly string[]]>([
  ['fall meanwhile', SWAPPED, [
    `⚠ ${AT_ONCE}`, STAGE,
    `4 possible connections are left out, ${CLIENTS}; meanwhile 2 undeclared calls are worse, such as Deployment shop/orders → cart.shop.svc.cluster.local:80 in stage 1 ${ALL}`,
  ]],
  ['break', [shop(''), shop('', STRICT, off('cart'))], [
    `⚠ ${AT_ONCE}`, STAGE, `4 possible connections, 2 of them broken, are left out, ${CLIENTS}; the change itself breaks 2 of them ${ALL}`,
  ]],
  ['lose mutual TLS', [shop(''), shop('', off('cart'))], [
    `⚠ ${AT_ONCE}`, STAGE, `4 possible connections are left out, ${CLIENTS}; the change itself leaves 2 of them in plaintext ${ALL}`,
  ]],
  ['stay as they are', [shop('shop/orders', off('orders')), shop('shop/orders')], [
    `✔ ${AT_ONCE}`, STAGE, `3 possible connections are left out, ${CLIENTS} ${ALL}`,
  ]],
])('a plan tells of calls that nobody declares that they %s', async (_, [before, after], expected) => {
  expect(await told(before, after)).toEqual(expected);
  expect((await plan(before, after)).exitCode).toBe(0);
});

test('stages, and the way back, are proven for declared calls', async () => {
  const lines = await told(shop('shop/orders', off('orders')), shop('shop/orders', STRICT));
  expect(lines.map((line) => line.replace(/^⚠ Not safe at once: .*/, '⚠ Not safe at once'))).toEqual([
    '⚠ Not safe at once',
    'Stage 1 of 2  ✔ proven for declared calls, in any order',
    'Stage 2 of 2  ✔ proven for declared calls, in any order',
    `3 possible connections are left out, ${CLIENTS} ${ALL}`,
    'To roll back, revert the stages starting from the last one applied, and wait after each: this is also proven for declared calls, '
    + 'except that recreated objects are newer than before.',
  ]);
});

test('a call that leaves the declaration when it breaks counts, and the changed workload can be applied at any time', async () => {
  expect(await told(shop('shop/orders'), shop('', STRICT, off('orders')))).toEqual([
    `⚠ ${AT_ONCE}`,
    '⚠ The change itself breaks 1 connection, in any order: see istio-mtls diff.',
    STAGE,
    `3 possible connections, 1 of them broken, are left out, ${CLIENTS}; the change itself breaks 1 of them ${ALL}`,
    `${NARROWED}.`,
    '1 changed object doesn\'t affect connections: apply it at any time.',
  ]);
});

test('workloads that declare fewer calls are named, in a comment, in the README of the folders and as data, with all calls too', async () => {
  const states = [shop('shop/orders', off('orders')), shop('')] as const;
  expect((await plan(...states, '-o', 'markdown')).out).toContain(`\n\`${NARROWED}.\`\n`);
  const cwd = folders(...states);
  await planIn(cwd, '--out', 'stages');
  expect(readFileSync(join(cwd, 'stages', 'README.md'), 'utf8')).toContain(`${NARROWED}.`);
  const narrowed = [{ workload: { kind: 'Deployment', namespace: 'shop', name: 'web' }, declaredBefore: true, calls: 1, example: 'orders.shop.svc.cluster.local:80' }];
  for (const options of [[], ['--all-calls']]) expect((await reported(...states, ...options)).narrowed).toEqual(narrowed);
  expect((await reported(states[1], states[0])).narrowed).toBeUndefined();
});

test('of many workloads that declare fewer calls, a plan names some, and all of them if asked', async () => {
  const clients = (calls: string | undefined) => shop('shop/cart', ...Array.from({ length: 12 }, (_, index) => workload(`client-${index}`, calls)));
  const namesIn = (lines: readonly string[]) => lines.filter((line) => line.includes('now declares its calls, without 2 that it could make before, such as cart.')).length;
  const some = await told(clients(undefined), clients(''));
  expect([namesIn(some), some.at(-2)]).toEqual([5, '7 more workloads declare fewer calls than before.']);
  expect(namesIn(await told(clients(undefined), clients(''), '--all'))).toBe(12);
});

test('a comment states the same', async () => {
  const { out } = await plan(...SWAPPED, '-o', 'markdown');
  const [head, verdict, stage, leftOut] = out.split('\n\n').map((block) => block.split('\n')[0]);
  expect([head, verdict, stage]).toEqual([
    '### istio-mtls plan: ⚠️ safe at once for declared calls; others get worse, or may', `\`${AT_ONCE}\``,
    '**Stage 1 of 1**, proven for declared calls, in any order',
  ]);
  expect(leftOut).toBe(`\`4 possible connections are left out, ${CLIENTS}; meanwhile 2 undeclared calls are worse, such as Deployment shop/orders → cart.shop.svc.cluster.local:80 in stage 1 ${ALL}\``);
});

test.each([
  ['nothing gets worse', shop('shop/orders', off('orders')), shop('shop/orders'), '✅ safe at once for declared calls'],
  ['declared calls break', shop('shop/orders'), shop('shop/orders', STRICT, off('orders')), '⚠️ the change itself makes the mesh worse, in any order'],
  ['declared calls fall meanwhile', shop('shop/orders', off('orders')), shop('shop/orders', STRICT), '⚠️ don\'t apply all at once; 2 stages, each proven for declared calls'],
])('the head of a comment says so where %s', async (_, before, after, expected) => {
  expect((await plan(before, after, '-o', 'markdown')).out.split('\n')[0]).toBe(`### istio-mtls plan: ${expected}`);
});

test('the report counts what is left out and how many of it get worse', async () => {
  const { exitCode, leftOut } = await reported(...SWAPPED);
  expect([exitCode, leftOut]).toEqual([0, {
    connections: 4,
    lostCopies: 0,
    outcomes: { mtls: 4, tls: 0, plaintext: 0, broken: 0, undecided: 0 },
    undecided: {},
    clients: ['cart', 'orders', 'web'].map((name) => ({ kind: 'Deployment', namespace: 'shop', name })),
    notShown: [],
    withoutTcp: [],
    notImported: 0,
    worsened: { broken: 0, plaintext: 0, undecided: 0, lost: 0 },
    worseMeanwhile: 2,
    undecidedMeanwhile: 0,
    isExamined: true,
    example: { client: { kind: 'Deployment', namespace: 'shop', name: 'orders' }, calls: 'cart.shop.svc.cluster.local:80', stage: 1 },
  }]);
  expect((await reported(shop(''), shop('', off('cart')))).leftOut.worsened).toEqual({ broken: 0, plaintext: 2, undecided: 0, lost: 0 });
});

test('with all calls, by option or by the configuration file, nothing is left out', async () => {
  const { atOnce, stages, leftOut } = await reported(...SWAPPED, '--all-calls');
  expect([atOnce.verdict, stages.length, leftOut]).toEqual(['unsafe', 2, undefined]);
  const cwd = folders(...SWAPPED);
  writeFileSync(join(cwd, 'istio-mtls.yaml'), 'allCalls: true\n');
  const { out } = await planIn(cwd);
  expect(out).toContain('Stage 2 of 2  ✔ proven, in any order\n');
  expect(out).toContain('this is also proven, except that recreated objects are newer than before.');
  expect(out).not.toContain('declare');
});

test('what a workload declares and the manifests don\'t show is named', async () => {
  const lines = await told(shop('bank/pay:443', off('orders')), shop('bank/pay:443'));
  expect(lines[2]).toBe(`4 possible connections are left out, ${CLIENTS}; 1 declared call isn't among these manifests: bank/pay:443 of Deployment shop/web ${ALL}`);
});

test('names no option that plans for others where there are none', async () => {
  const lonely = (calls: string) => [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } },
    workload('web', calls), workload('cart'), service('cart')].map((object) => JSON.stringify(object)).join('\n---\n');
  const [before, after] = ['shop/cart, bank/pay:443', 'shop/cart:80, bank/pay:443'].map(lonely);
  expect(await told(before, after)).toContain('1 declared call isn\'t among these manifests: bank/pay:443 of Deployment shop/web.');
  expect((await plan(before, after, '-o', 'markdown')).out).not.toContain('--all-calls');
});
