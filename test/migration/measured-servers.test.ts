import { KIND } from '../../src/mesh/inventory/kinds';
import { idKey } from '../../src/mesh/inventory/object';
import { Workload } from '../../src/mesh/workloads/workload';
import { Blocker } from '../../src/migration/blockers';
import { readMeasurement } from '../../src/migration/measurements';
import { Migration, migrationOf } from '../../src/migration/migration';
import { Answer, prometheusAnswer } from '../support/command/prometheus';
import { TODAY } from '../support/meshes/analysis';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { Random } from '../support/random/random';
import { simpleChanges } from '../support/random/random-changes';

const ratings = (more: object = {}) => [deployment('shop/ratings', { ports: [{ containerPort: 9080 }], ...more }), service('shop/ratings', [9080])];
const SHOP = [...injected('shop'), deployment('shop/web'), ...ratings()];
/** A client without a sidecar, which may call. */
const PROBER = [namespace('ops'), deployment('ops/prober')];
const ALL = { 'Deployment shop/web': 1, 'Deployment shop/ratings': 1 };

const calling = (value: string, more: object = {}) => ({ spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value }] }], ...more } });
const measured = (answer: Answer) => readMeasurement(JSON.stringify(prometheusAnswer(answer)), 'calls.json', TODAY);

interface Given extends Answer {
  readonly accepted?: readonly string[];
  readonly telemetries?: readonly object[];
  readonly others?: readonly Answer[];
}

const telemetry = (space: string, overrides: object[] = [{ disabled: true }]) =>
  ({ apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { namespace: space, name: 'metrics' }, spec: { metrics: [{ overrides }] } });

/** Plans to STRICT. */
const toStrict = (objects: any[], { accepted = [], telemetries = [], others = [], ...answer }: Given): Migration =>
  migrationOf(mesh(objects), { mode: 'STRICT' }, { measurements: [answer, ...others].map(measured), accepted, telemetries });

const told = ({ client, evidence, port, remedy }: Blocker) => `${typeof client === 'string' ? client : client.name} :${port} ${evidence} ${remedy}`;
const unknownOf = ({ measured: found }: Migration) => found!.unknown.map(({ server: { name }, callers, scraped }) =>
  `${name} ${scraped} ${callers.map((one) => one?.name ?? '?').join(',')}`.trimEnd());
const modeAfter = ({ plan }: Migration, name: string, port = 9080) =>
  plan!.after.dataPlanes.accept(plan!.after.workloads.find((one) => one.name === name)!, port).mode;
const namesOf = (calls: Migration['possible']) => calls.map(({ client: { name } }) => name);

test('a fully measured mesh becomes STRICT, and unseen clients aren\'t possible callers', () => {
  const migration = toStrict([...SHOP, ...PROBER], { scraped: ALL });
  expect([unknownOf(migration), namesOf(migration.possible), namesOf(migration.measured!.unseen)]).toEqual([[], [], ['prober']]);
  expect(modeAfter(migration, 'ratings')).toBe('STRICT');
});

describe('a server keeps its mode', () => {
  test.each<[string, Given, string[]]>([
    ['that nobody measured', {}, ['ratings 0', 'web 0']],
    ['whose proxies weren\'t scraped', { scraped: { 'Deployment shop/web': 1 } }, ['ratings 0']],
    ['whose proxies were scraped for a part of the window', { scraped: { ...ALL, 'Deployment shop/ratings': 299 / 300 } }, [`ratings ${299 / 300}`]],
    ['when another of its name was scraped', { scraped: { 'Deployment shop/web': 1, 'Deployment other/ratings': 1, 'StatefulSet shop/ratings': 1 } }, ['ratings 0']],
    ['that takes plaintext of whoever has no name', { scraped: ALL, calls: ['unknown → shop/ratings'] }, ['ratings 1 ?']],
    ['that takes plaintext past its services', { scraped: ALL, calls: ['unknown → shop/web via InboundPassthroughCluster'] }, ['web 1 ?']],
    ['that takes plaintext of who isn\'t in the mesh', { scraped: ALL, calls: ['gone/client → shop/ratings'] }, ['ratings 1 client']],
    ['that takes plaintext of who should send mutual TLS', { scraped: ALL, calls: ['shop/web → shop/ratings'] }, ['ratings 1 web']],
    ['for what any Prometheus saw', { scraped: ALL, others: [{ calls: ['unknown → shop/ratings'] }] }, ['ratings 1 ?']],
  ])('%s', (_, given, expected) => {
    const migration = toStrict([...SHOP, ...PROBER], given);
    expect(unknownOf(migration)).toEqual(expected);
    for (const name of ['ratings', 'web']) expect([name, modeAfter(migration, name)]).toEqual([name, expected.some((one) => one.startsWith(name)) ? 'PERMISSIVE' : 'STRICT']);
    expect([...namesOf(migration.possible), ...namesOf(migration.measured!.unseen)]).toEqual(expected.some((one) => one.startsWith('ratings')) ? [] : ['prober']);
  });

  test('if a Telemetry changes its metrics', () => {
    for (const space of ['shop', 'istio-system']) {
      const migration = toStrict(SHOP, { scraped: ALL, telemetries: [telemetry(space)] });
      expect(migration.measured!.unknown.map(({ server, isCounted }) => [server.name, isCounted])).toEqual([['ratings', false], ['web', false]]);
    }
    for (const harmless of [telemetry('other'), telemetry('shop', [])]) expect(unknownOf(toStrict(SHOP, { scraped: ALL, telemetries: [harmless] }))).toEqual([]);
  });

  test('if a workload of another kind has its name', () => {
    const stateful = { ...deployment('shop/ratings', { ports: [{ containerPort: 9080 }], labels: { app: 'other' } }), kind: 'StatefulSet' };
    const migration = toStrict([...SHOP, stateful], { scraped: { 'Deployment shop/web': 1 } });
    expect(migration.measured!.unknown.map(({ server: { kind } }) => kind)).toEqual(['Deployment', 'StatefulSet']);
    expect(migration.plan!.after.objects.of(KIND.PeerAuthentication).map(({ name }) => name)).toEqual(['default', 'ratings', 'ratings-mtls']);
  });

  test('if it gets its sidecar first, since nothing counts its callers', () => {
    const objects = [...SHOP, namespace('plain'), deployment('plain/legacy', { ports: [{ containerPort: 80 }], ...calling('ratings.shop:9080') }), service('plain/legacy', [80])];
    expect(unknownOf(toStrict(objects, { scraped: ALL }))).toEqual(['legacy 0']);
  });

  test('without a change to its own policy', () => {
    const own = (spec: object) => peerAuthentication('shop/ratings', { selector: { matchLabels: { app: 'ratings' } }, ...spec });
    const policy = (spec: object, other: object[] = []) => {
      const { plan } = toStrict([...SHOP, own(spec), ...other], { scraped: { 'Deployment shop/web': 1 } });
      return plan!.after.objects.of(KIND.PeerAuthentication).find(({ name }) => name === 'ratings')!.spec;
    };
    const selector = { matchLabels: { app: 'ratings' } };
    expect(policy({ mtls: { mode: 'PERMISSIVE' } })).toEqual({ selector, mtls: { mode: 'PERMISSIVE' } });
    expect(policy({ mtls: { mode: 'DISABLE' } })).toEqual({ selector, mtls: { mode: 'DISABLE' } });
    expect(policy({ mtls: { mode: 'STRICT' }, portLevelMtls: { 9080: { mode: 'PERMISSIVE' } } })).toEqual({ selector, mtls: { mode: 'STRICT' }, portLevelMtls: { 9080: { mode: 'PERMISSIVE' } } });
    expect(policy({ mtls: { mode: 'UNSET' } })).toEqual({ selector, mtls: { mode: 'PERMISSIVE' } });
    expect(policy({}, [peerAuthentication('shop/default', mode('DISABLE'))])).toEqual({ selector, mtls: { mode: 'DISABLE' } });
  });
});

test('a STRICT server needs no measurement', () => {
  expect(unknownOf(toStrict([...SHOP, peerAuthentication('shop/default', mode('STRICT'))], {}))).toEqual([]);
});

test('a job needs no measurement, unless it receives plaintext', () => {
  const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { namespace: 'shop', name: 'nightly' }, spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: 'nightly' } }, spec: { containers: [{ name: 'app' }] } } } } } };
  expect(unknownOf(toStrict([...SHOP, cronJob], { scraped: ALL }))).toEqual([]);
  expect(unknownOf(toStrict([...SHOP, cronJob], { scraped: ALL, calls: ['unknown → shop/nightly via InboundPassthroughCluster'] }))).toEqual(['nightly 0 ?']);
});

test('a WorkloadEntry can\'t keep its mode by a policy, so there is no plan', () => {
  const entry = { apiVersion: 'networking.istio.io/v1', kind: 'WorkloadEntry', metadata: { namespace: 'shop', name: 'vm' }, spec: { address: '10.0.0.9', labels: { 'app': 'vm', 'security.istio.io/tlsMode': 'istio' }, serviceAccount: 'vm' } };
  const migration = toStrict([...SHOP, entry, service('shop/vm', [9080])], { scraped: ALL });
  expect([unknownOf(migration), migration.plan]).toEqual([['vm 0'], undefined]);
  expect(toStrict([...SHOP, entry, service('shop/vm', [9080])], { scraped: ALL, accepted: ['shop/vm'] }).plan).toBeDefined();
});

test.each<[string, Given]>([
  ['it wasn\'t scraped', { scraped: { 'Deployment shop/web': 1 } }],
  ['somebody without a name calls', { scraped: ALL, calls: ['unknown → shop/ratings'] }],
  ['somebody calls who isn\'t in the mesh', { scraped: ALL, calls: ['gone/client → shop/ratings'] }],
  ['a Telemetry changes what is counted', { scraped: ALL, telemetries: [telemetry('shop')] }],
])('a server that is accepted although %s becomes STRICT, and its possible callers stay possible', (_, given) => {
  for (const accepted of [['shop/ratings', 'shop/web'], ['shop']]) {
    const migration = toStrict([...SHOP, ...PROBER], { ...given, accepted });
    expect([unknownOf(migration), namesOf(migration.possible), namesOf(migration.measured!.unseen)]).toEqual([[], ['prober'], []]);
    expect(modeAfter(migration, 'ratings')).toBe('STRICT');
  }
});

test('a client without services that gets its sidecar first needs no measurement', () => {
  const caller = deployment('plain/caller', calling('ratings.shop:9080'));
  const migration = toStrict([...SHOP, namespace('plain'), caller], { scraped: ALL });
  expect([unknownOf(migration), migration.blockers.map(told)]).toEqual([[], ['caller :9080 named inject']]);
});

test('unidentified callers don\'t keep a server from STRICT if its ports stay open to them', () => {
  const open = service('shop/edge', [{ port: 80, targetPort: 9080 }] as any, { type: 'LoadBalancer', selector: { app: 'ratings' } });
  const through = toStrict([...SHOP, open], { scraped: ALL, calls: ['unknown → shop/ratings'] });
  expect([unknownOf(through), through.blockers.map(told), modeAfter(through, 'ratings')]).toEqual([[], ['outside :9080 outside port-exception'], 'PERMISSIVE']);
  expect(modeAfter(through, 'ratings', 9999)).toBe('STRICT');
  expect(unknownOf(toStrict([...SHOP, open], { scraped: ALL, calls: ['unknown → shop/ratings via InboundPassthroughCluster'] }))).toEqual(['ratings 1 ?']);
});

describe('a client with measured plaintext calls', () => {
  const RULE = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  const CALLS = ['shop/web → shop/ratings'];

  test('stays connected like one whose manifest names the call', () => {
    const migration = toStrict([...SHOP, RULE], { scraped: ALL, calls: CALLS });
    expect([migration.blockers.map(told), unknownOf(migration), migration.possible]).toEqual([['web :9080 measured rule-without-tls'], [], []]);
    expect(migration.plan!.after.objects.of(KIND.DestinationRule)).toEqual([]);
  });

  test('counts as measured even if its manifest names the call', () => {
    const objects = [...injected('shop'), deployment('shop/web', calling('http://ratings:9080')), ...ratings(), RULE];
    expect(toStrict(objects, { scraped: ALL, calls: CALLS }).blockers).toMatchObject([{ evidence: 'measured', by: 'env UPSTREAM' }]);
  });

  test('makes other clients of the server no longer possible callers', () => {
    const migration = toStrict([...SHOP, deployment('shop/other'), RULE], { scraped: { ...ALL, 'Deployment shop/other': 1 }, calls: CALLS });
    expect([migration.blockers.map(told), namesOf(migration.possible)]).toEqual([['web :9080 measured rule-without-tls'], []]);
  });
});

test('counts measured workloads that the mesh lacks', () => {
  expect(toStrict(SHOP, { scraped: ALL, calls: ['other/a → other/b', 'unknown → other/b', 'other/a → shop/web'] }).measured!.foreign).toBe(2);
});

describe('in random meshes with measurements', () => {
  const { seed, count } = casesOf('migrations');
  const random = new Random(seed);
  /** Mostly measured in full: otherwise few servers would become STRICT. */
  const part = () => random.of([1, 1, 1, 1, 0.5, 0]);

  const drawn = simpleChanges(seed, count(150)).map(({ id, before }) => {
    const found = mesh(before);
    const names = found.workloads.map(({ namespace: space, name }) => `${space}/${name}`);
    const sources = [...names, ...names, 'unknown', 'gone/client'];
    const calls = [...new Set(Array.from({ length: random.below(4) }, () => {
      const via = random.below(4) === 0 ? ' via InboundPassthroughCluster' : '';
      return `${random.of(sources)} → ${random.of(names)}${via}`;
    }))];
    const scraped = Object.fromEntries(found.workloads.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, part()]));
    const accepted = random.below(5) === 0 ? [random.of(names)] : [];
    return { id, before: found, names, answer: { calls, scraped }, accepted };
  });

  const written = (objects: any[]) => ({ before: mesh(objects), names: ['shop/web', 'shop/ratings'], accepted: [] as string[] });
  const RULE = destinationRule('shop/ratings', { host: 'ratings', trafficPolicy: { tls: { mode: 'DISABLE' } } });
  /** Servers that become STRICT with a measured caller or without callers, a server that keeps its mode, and unseen clients. */
  const cases: typeof drawn = [
    { id: 'measured', ...written([...SHOP, RULE]), answer: { calls: ['shop/web → shop/ratings'], scraped: ALL } },
    { id: 'unseen', ...written([...SHOP, ...PROBER]), answer: { calls: [], scraped: ALL } },
    { id: 'left', ...written([...SHOP, ...PROBER]), answer: { calls: ['unknown → shop/ratings'], scraped: ALL } },
    ...drawn,
  ];

  test('no server becomes STRICT without full measurement, or refuses a measured call without a remedy', () => {
    const seen = { plans: 0, strict: 0, left: 0, measured: 0, unseen: 0 };
    for (const { id, before, answer, accepted } of cases) {
      const { plan, blockers, measured: said } = migrationOf(before, { mode: 'STRICT' }, { measurements: [measured(answer)], accepted, telemetries: [] });
      seen.left += said!.unknown.length;
      seen.unseen += said!.unseen.length;
      if (!plan) continue;
      seen.plans++;
      const takes = (state: typeof before, server: Workload, port: number) => state.dataPlanes.accept(state.workloads.find((one) => idKey(one) === idKey(server))!, port).mode !== 'STRICT';
      for (const server of before.workloads) {
        const name = `${server.namespace}/${server.name}`;
        const named = before.registry.services.flatMap((one) => one.ports.flatMap((port) => before.registry.endpointsOf(one, port)))
          .filter(({ workload }) => workload === server).map(({ port }) => port);
        const refuses = (ports: readonly number[]) => ports.some((port) => takes(before, server, port) && !takes(plan.after, server, port));
        if (accepted.includes(name) || !refuses([...named, 65_000])) continue;
        seen.strict++;
        if (refuses(named)) expect({ id, name, scraped: answer.scraped[`${server.kind} ${name}`] }).toEqual({ id, name, scraped: 1 });
        for (const call of answer.calls) {
          const [, source, target, via] = /^(\S+) → (\S+?)( via \S+)?$/.exec(call)!;
          if (target !== name || !(via ? true : refuses(named))) continue;
          const letsThrough = blockers.filter(({ client, server: to, remedy }) =>
            typeof client !== 'string' && `${client.namespace}/${client.name}` === source && to && idKey(to) === idKey(server) && remedy);
          seen.measured++;
          expect({ id, call, letsThrough: letsThrough.length > 0 }).toEqual({ id, call, letsThrough: true });
        }
      }
    }
    // The first three meshes are enough for each count.
    expect(Object.values(seen)).not.toContain(0);
  });
});

describe('measured calls of workloads that declare their calls', () => {
  const declaring = (value: string): any => ({ ...deployment('shop/web'), metadata: { ...deployment('shop/web').metadata, annotations: { 'calls.istio-mtls/to': value } } });
  const seen: Answer = { scraped: ALL, calls: ['shop/web → shop/ratings'] };
  const undeclaredOf = (web: any) => toStrict([injected('shop'), web, ratings()].flat(3), seen).measured!.undeclared.map(({ source, destination }) => `${source.name} ${destination.name}`);

  test.each<[string, any, string[]]>([
    ['are named where others are declared', declaring(''), ['web ratings']],
    ['aren\'t where they are declared', declaring('shop/ratings'), []],
    ['aren\'t where a declaration has a mistake', declaring('shop/ratnigs'), []],
    ['aren\'t where nothing is declared', deployment('shop/web'), []],
  ])('%s', (_, web, expected) => {
    expect(undeclaredOf(web)).toEqual(expected);
  });
});
