// CA rotations on running sidecars: the order of steps, and the problems in a report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport, SeenAgain, SeenTurns } from '../../conformance/data-plane/report';
import { Random } from '../../conformance/generators/yaml/random';
import { courseOf } from '../../conformance/rotations/course';
import type { IssuedRotation } from '../../conformance/rotations/issuing';
import { RotationJudge, WORKLOADS } from '../../conformance/rotations/rotated';

jest.mock('../../conformance/library', () => ({ libraryModule: (path: string) => jest.requireActual(`../../src/${path}`) }));

const COURSE = courseOf(4, WORKLOADS, new Random(1));
const of = (phase: string) => COURSE.filter((step) => step.phase === phase);

/** The certificate and roots of each proxy after each step. */
const HELD = (() => {
  const held = new Map(WORKLOADS.map((name) => [name, { certificate: 0, roots: 0 }]));
  return COURSE.map(({ turns }) => {
    for (const { workload, renewal } of turns) held.set(workload, { ...held.get(workload)!, ...renewal });
    return new Map(held);
  });
})();

describe('the course', () => {
  test('a seed always makes the same', () => {
    expect(courseOf(4, WORKLOADS, new Random(1))).toEqual(COURSE);
    expect(courseOf(4, WORKLOADS, new Random(2))).not.toEqual(COURSE);
  });

  test('proxies differ by at most one stage, and some mix the certificate and roots of two stages', () => {
    const inStages = HELD.filter((_, index) => ['forth', 'back'].includes(COURSE[index].phase));
    const held = inStages.map((one) => [...one.values()].flatMap(({ certificate, roots }) => [certificate, roots]));
    expect(held.filter((places) => Math.max(...places) - Math.min(...places) > 1)).toEqual([]);
    expect(inStages.some((one) => [...one.values()].some(({ certificate, roots }) => certificate !== roots))).toBe(true);
  });

  test('all proxies reach the last stage, and return', () => {
    const last = (phase: string) => HELD[COURSE.findLastIndex((step) => step.phase === phase)].values();
    const at = (phase: string) => new Set([...last(phase)].flatMap(({ certificate, roots }) => [certificate, roots]));
    expect([at('forth'), at('back')]).toEqual([new Set([3]), new Set([0])]);
  });

  test('jumps skip every stage in both directions; with two stages there are no jumps', () => {
    expect(new Set(of('jump').map(({ from, to }) => `${from}${to}`))).toEqual(new Set(['02', '03', '13', '20', '30', '31']));
    expect(courseOf(2, WORKLOADS, new Random(1)).filter(({ phase }) => phase === 'jump')).toEqual([]);
  });
});

const [T, F] = [true, false];
const SIGNERS = ['CN=old', 'CN=old', 'CN=new', 'CN=new'];
const ROTATION: IssuedRotation = {
  start: 'another root',
  states: (['before', 'trust-both', 'sign-with-new', 'trust-new'] as const).map((name, index) => ({ name, signer: SIGNERS[index], issued: {} })),
  accepts: [[T, T, F, F], [T, T, T, T], [T, T, T, T], [F, F, T, T]],
};

const workload = (name: string) => ({ kind: 'Deployment', namespace: 'shop', name });
const PAIRS = WORKLOADS.flatMap((client) => WORKLOADS.filter((server) => server !== client).map((server) => [client, server] as const));

function call([client, server]: readonly [string, string], place: number, isAccepted: boolean): SeenAgain {
  const arrived = { ...workload(server), port: 8080 };
  const requested = { host: `${server}.shop.svc.cluster.local`, port: 80 };
  const flows = [{ server: arrived, wire: 'mtls' as const }];
  return { of: place, client: workload(client), requested, kind: 'http', flows, ...isAccepted ? { arrived } : { failed: 'HTTP 503' } };
}

/** The expected observations of a step. */
function seen(index: number): SeenTurns {
  const held = HELD[index];
  const accepts = (one: string, other: string): boolean => ROTATION.accepts[held.get(one)!.roots][held.get(other)!.certificate];
  const then = PAIRS.map((pair, place) => call(pair, place, accepts(pair[0], pair[1]) && accepts(pair[1], pair[0])));
  const logged: Record<string, Record<string, number>> = {};
  const log = (proxy: string, line: string): void => { logged[`shop/${proxy}`] = { ...logged[`shop/${proxy}`], [line]: 1 }; };
  const peer = (name: string): string => `spiffe://cluster.local/ns/shop/sa/${name}|${SIGNERS[held.get(name)!.certificate]}`;
  for (const { client, arrived } of then) {
    if (!arrived) continue;
    log(client.name, `${peer(arrived.name)}|-|-`);
    log(arrived.name, `-|-|${peer(client.name)}`);
  }
  return { during: [], then, kept: 12, logged };
}

type Convergence = NonNullable<RunReport['convergence']>;

const BEFORE = PAIRS.map((pair, place) => call(pair, place, true));
const SOUND: Convergence = { before: BEFORE, steps: COURSE.map((_, index) => seen(index)), handshakes: 6 };
const judged = (convergence: Convergence, notRun: RunReport['notRun'] = []) =>
  new RotationJudge(ROTATION, COURSE, 'TLS 1.3').judged({ notRun, convergence });

test('expected observations are counted and no problem', () => {
  const { run: { jumps, ...run }, problems } = judged(SOUND);
  expect(problems).toEqual([]);
  const stages = of('forth').length + of('back').length;
  const kept = { connections: 12, asked: 12 * stages, lost: 0 };
  expect(run).toMatchObject({ renewals: stages, inStages: { calls: 6 * stages, failed: 0 }, meanwhile: { calls: 0 }, kept });
  expect(jumps.map(({ calls }) => calls)).toEqual(jumps.map(() => 18));
  expect(jumps.every(({ failed }) => failed > 0)).toBe(true);
});

const FIRST = SOUND.steps[0];
const failing = (at: SeenAgain): SeenAgain => ({ ...at, arrived: undefined, failed: 'reset' });
const with_ = (change: Partial<SeenTurns>): Convergence => ({ ...SOUND, steps: SOUND.steps.with(0, { ...FIRST, ...change }) });
const line = `-|-|spiffe://cluster.local/ns/shop/sa/${PAIRS[0][0]}`;

test.each<[string, Convergence]>([
  ['a call that fails', with_({ then: FIRST.then.with(0, failing(FIRST.then[0])) })],
  ['a call that fails while a sidecar takes something', with_({ during: [failing(FIRST.then[0])] })],
  ['a call that isn\'t made', with_({ then: FIRST.then.slice(1) })],
  ['a call in plaintext', with_({ then: FIRST.then.with(0, { ...FIRST.then[0], flows: [{ ...FIRST.then[0].flows[0], wire: 'plaintext' }] }) })],
  ['a call that arrives elsewhere', with_({ then: FIRST.then.with(0, { ...FIRST.then[0], arrived: FIRST.then[1].arrived }) })],
  ['a peer that isn\'t logged', with_({ logged: {} })],
  ['a peer that nobody has called', with_({ logged: { ...FIRST.logged, 'shop/web': { ...FIRST.logged!['shop/web'], 'spiffe://cluster.local/ns/shop/sa/thief|CN=old|-|-': 1 } } })],
  ['a peer with the certificate of another CA', with_({ logged: { ...FIRST.logged, [`shop/${PAIRS[0][1]}`]: { [`${line}|CN=new`]: 1 } } })],
  ['an open connection that is lost', with_({ kept: 11, lost: [{ client: workload('web'), requested: { host: 'stock.shop.svc.cluster.local', port: 9000 }, failed: 'EOF' }] })],
  ['a connection that sidecars have made again', { ...SOUND, handshakes: 7 }],
  ['a step that isn\'t made', { ...SOUND, steps: SOUND.steps.slice(0, -1) }],
  ['a call that doesn\'t work at the beginning', { ...SOUND, before: SOUND.before.with(0, failing(FIRST.then[0])) }],
])('reports %s', (_, convergence) => {
  expect(judged(convergence).problems).not.toEqual([]);
});

test('reports a call over a skipped stage that succeeds although openssl rejects it', () => {
  const at = COURSE.findIndex(({ phase }, index) => phase === 'jump' && SOUND.steps[index].then.some(({ arrived }) => !arrived));
  const { then } = SOUND.steps[at];
  const place = then.findIndex(({ arrived }) => !arrived);
  const steps = SOUND.steps.with(at, { ...SOUND.steps[at], then: then.with(place, call(PAIRS[place], place, true)) });
  expect(judged({ ...SOUND, steps }).problems).toEqual([expect.stringContaining('don\'t accept each other')]);
});

test('reports a sidecar that doesn\'t run', () => {
  expect(judged(SOUND, [{ ...workload('web'), why: 'no' }]).problems).toEqual(['Deployment/shop/web doesn\'t run: no']);
});

test('no key and no certificate is recorded', () => {
  const text = readFileSync(join(__dirname, '../../conformance/recorded/rotations.json'), 'utf8');
  expect(text).not.toMatch(/BEGIN|KEY/);
  expect(text.length).toBeGreaterThan(1000);
});
