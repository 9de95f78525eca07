import { admit } from '../../src/admission/admission';
import { connectionChanges } from '../../src/mesh/compare/connection-changes';
import { pathOutcome } from '../../src/mesh/compare/arrivals';
import { KIND } from '../../src/mesh/inventory/kinds';
import { Mesh } from '../../src/mesh/mesh';
import { AutoMtlsLeftOff } from '../../src/migration/auto-mtls';
import { Migration, migrationOf } from '../../src/migration/migration';
import { ModeTarget } from '../../src/migration/target';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, serviceEntry, tls } from '../support/meshes/mesh';

const OFF = { enableAutoMtls: false };
const calling = (value: string) => ({ spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value }] }] } });
const PORTS = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }];
const SERVER = { ports: [{ containerPort: 8080 }, { containerPort: 9000 }] };
const SHOP = [...injected('shop', 'ops'), deployment('ops/prober'), deployment('shop/web', calling('ratings:80')), deployment('shop/ratings', SERVER), service('shop/ratings', PORTS)];
const HOST = 'ratings.shop.svc.cluster.local';

/** With the mesh config outside the manifests, so clients need rules. */
const toMode = (objects: any[], target: Partial<ModeTarget> = {}): Migration => {
  const { mode: to = 'STRICT', scope } = target;
  return migrationOf(mesh(objects, { meshConfigs: [{ manifest: meshConfig(OFF), saidBy: 'config.yaml' }] }), { mode: to, scope });
};
const among = (objects: any[], config: any = meshConfig(OFF)): Migration => migrationOf(mesh([...objects, config]), { mode: 'STRICT' });
const remediesOf = ({ blockers }: Migration) => blockers.map(({ client, host, port, remedy }) => `${(client as any).name} ${host}:${port} ${remedy}`);
const rulesOf = ({ plan }: Migration) =>
  Object.fromEntries(plan!.after.objects.of(KIND.DestinationRule).map(({ namespace: space, name, spec }) => [`${space}/${name}`, spec]));
const isProven = ({ plan }: Migration) => plan!.stages!.every(({ verdict }) => verdict === 'safe');

/** The calls that a plan's last state breaks. */
function brokenBy({ plan }: Migration): readonly string[] {
  const { before, after } = plan!;
  return connectionChanges(before, after).changes
    .filter((one) => one.before && one.after && pathOutcome(one.before.path) !== 'broken' && pathOutcome(one.after.path) === 'broken')
    .flatMap(({ clients, host, port }) => clients.map(({ before: client }) => `${client!.name} ${host}:${port}`));
}

describe('the mesh config', () => {
  const written = ({ plan }: Migration, name = 'istio') =>
    (plan!.after.objects.of(KIND.ConfigMap).find((object) => object.name === name)!.source as any).data as Record<string, string>;
  const configMap = (text: string, more: object = {}) => ({ ...meshConfig({}), data: { ...more, mesh: text } });

  test('gets auto mTLS before servers become STRICT, so all sidecars stay connected', () => {
    const migration = among(SHOP);
    expect([migration.autoMtls, migration.possible, isProven(migration)]).toEqual([{ isTurnedOn: true }, [], true]);
    expect(remediesOf(migration)).toEqual([`web ${HOST}:80 auto-mtls`]);
    const { stages, units } = migration.plan!;
    expect(stages!.map(({ moves }) => moves.map(({ unit }) => units[unit].object.kind))).toEqual([['ConfigMap'], ['PeerAuthentication']]);
  });

  test.each<[string, string, string]>([
    ['comments and what else it says', '# ours\ntrustDomain: td\nenableAutoMtls: false # why\n', '# ours\ntrustDomain: td\nenableAutoMtls: true # why\n'],
    ['the name of the field in the proto', 'trustDomain: td\nenable_auto_mtls: false\n', 'trustDomain: td\nenable_auto_mtls: true\n'],
    ['both names', 'enableAutoMtls: false\nenable_auto_mtls: true\n', 'enableAutoMtls: true\nenable_auto_mtls: true\n'],
    ['what is no simple YAML, as JSON', '{enableAutoMtls: false, trustDomain: td}', '{\n  "enableAutoMtls": true,\n  "trustDomain": "td"\n}'],
  ])('keeps %s', (_, text, expected) => {
    const data = written(among(SHOP, configMap(text, { meshNetworks: 'networks: {}' })));
    expect(data).toEqual({ mesh: expected, meshNetworks: 'networks: {}' });
  });

  test('of each revision with sidecars gets auto mTLS, and no other', () => {
    const canary = [namespace('new', { 'istio.io/rev': 'canary' }), deployment('new/app', calling('ratings.shop:80'))];
    const configs = [meshConfig(OFF, 'istio-canary'), meshConfig(OFF, 'istio-unused')];
    const migration = among([...SHOP, ...canary, ...configs]);
    expect([migration.autoMtls, brokenBy(migration)]).toEqual([{ isTurnedOn: true }, []]);
    expect(['istio', 'istio-canary', 'istio-unused'].map((name) => JSON.parse(written(migration, name).mesh).enableAutoMtls)).toEqual([true, true, false]);
  });

  test('is unchanged if no call needs auto mTLS', () => {
    const rule = destinationRule('istio-system/all', { host: '*.local', ...tls('ISTIO_MUTUAL') });
    const { autoMtls, plan } = among([...SHOP, rule]);
    expect([autoMtls, plan!.units.map(({ object: { kind } }) => kind)]).toEqual([undefined, ['PeerAuthentication']]);
  });

  test('is unchanged if auto mTLS breaks a call, and clients get rules for the other ports', () => {
    const excluding = deployment('shop/ratings', { ...SERVER, annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '9000' } });
    const objects = [...SHOP.filter((one) => one !== SHOP[4]), excluding];
    expect(SHOP[4].metadata.name).toBe('ratings');
    const migration = among(objects);
    const { because } = migration.autoMtls as AutoMtlsLeftOff;
    expect(because).toMatchObject({ host: HOST, port: 9000 });
    expect(rulesOf(migration)).toEqual({ 'shop/ratings-mtls': { host: HOST, trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'ISTIO_MUTUAL' } }] } } });
    expect([remediesOf(migration), brokenBy(migration), isProven(migration)]).toEqual([[`web ${HOST}:80 rule-with-mutual-tls`], [], true]);
  });
});

describe('with the mesh config outside the manifests, clients get rules', () => {
  const POOL = { connectionPool: { tcp: { maxConnections: 5 } } };
  const MUTUAL = { tls: { mode: 'ISTIO_MUTUAL' } };

  test('for the host, visible to all possible clients', () => {
    const migration = toMode(SHOP);
    expect([migration.autoMtls, migration.possible, isProven(migration)]).toEqual([{ isTurnedOn: false, because: 'elsewhere' }, [], true]);
    expect([remediesOf(migration), brokenBy(migration)]).toEqual([[`web ${HOST}:80 rule-with-mutual-tls`], []]);
    expect(rulesOf(migration)).toEqual({ 'shop/ratings-mtls': { host: HOST, trafficPolicy: MUTUAL } });
  });

  test('for the servers of a scope only', () => {
    const objects = [...SHOP, deployment('shop/stars'), service('shop/stars'), meshConfig(OFF)];
    const { autoMtls, ...migration } = migrationOf(mesh(objects), { mode: 'STRICT', scope: 'shop/ratings' });
    expect([autoMtls, Object.keys(rulesOf(migration))]).toEqual([{ isTurnedOn: false, because: 'scope' }, ['shop/ratings-mtls']]);
  });

  test.each<[string, object, object]>([
    ['a pool', { trafficPolicy: POOL }, { trafficPolicy: { ...POOL, ...MUTUAL } }],
    ['DISABLE', { ...tls('DISABLE'), exportTo: ['*'] }, { exportTo: ['*'], trafficPolicy: MUTUAL }],
    [
      'subsets', { subsets: [{ name: 'one', labels: { app: 'ratings' } }, { name: 'two', labels: { app: 'ratings' }, trafficPolicy: POOL }] },
      { subsets: [{ name: 'one', labels: { app: 'ratings' } }, { name: 'two', labels: { app: 'ratings' }, trafficPolicy: POOL }], trafficPolicy: MUTUAL },
    ],
    [
      'subsets that say otherwise', { subsets: [{ name: 'one', labels: { app: 'ratings' }, trafficPolicy: { tls: { mode: 'DISABLE' }, ...POOL } }] },
      { subsets: [{ name: 'one', labels: { app: 'ratings' }, trafficPolicy: { ...POOL, ...MUTUAL } }], trafficPolicy: MUTUAL },
    ],
    [
      'entries for ports, which inherit nothing', { trafficPolicy: { portLevelSettings: [{ port: { number: 9000 }, ...POOL }], ...POOL } },
      { trafficPolicy: { portLevelSettings: [{ port: { number: 9000 }, ...POOL, ...MUTUAL }], ...POOL, ...MUTUAL } },
    ],
  ])('by a change to their own rule, which keeps %s', (_, own, expected) => {
    const migration = toMode([...SHOP, destinationRule('shop/own', { host: 'ratings', ...own })]);
    expect(rulesOf(migration)).toEqual({ 'shop/own': { host: 'ratings', ...expected } });
    expect([brokenBy(migration), isProven(migration)]).toEqual([[], true]);
  });

  test('in the rule whose trafficPolicy applies, among several', () => {
    const [first, second] = [destinationRule('shop/a', { host: 'ratings', subsets: [{ name: 'one', labels: { app: 'ratings' } }] }), destinationRule('shop/b', { host: 'ratings', trafficPolicy: POOL })];
    expect(rulesOf(toMode([...SHOP, first, second]))).toEqual({ 'shop/a': first.spec, 'shop/b': { host: 'ratings', trafficPolicy: { ...POOL, ...MUTUAL } } });
  });

  test('by a copy of a wildcard rule, in its namespace', () => {
    const wide = { host: '*.shop.svc.cluster.local', exportTo: ['*'], trafficPolicy: POOL };
    const root = destinationRule('istio-system/wide', wide, { labels: { 'istio.io/rev': 'default', 'helm': 'x' } });
    const migration = toMode([...SHOP, root]);
    expect(rulesOf(migration)).toEqual({ 'istio-system/wide': wide, 'istio-system/ratings-shop-mtls': { ...wide, host: HOST, trafficPolicy: { ...POOL, ...MUTUAL } } });
    const copy = migration.plan!.after.objects.of(KIND.DestinationRule).find(({ name }) => name === 'ratings-shop-mtls')!;
    expect([copy.labels, brokenBy(migration)]).toEqual([{ 'istio.io/rev': 'default' }, []]);
  });

  test('in each namespace with its own rule', () => {
    const own = destinationRule('ops/own', { host: HOST, exportTo: ['.'], trafficPolicy: POOL });
    const migration = toMode([...SHOP, own]);
    expect(rulesOf(migration)).toEqual({
      'ops/own': { host: HOST, exportTo: ['.'], trafficPolicy: { ...POOL, ...MUTUAL } }, 'shop/ratings-mtls': { host: HOST, trafficPolicy: MUTUAL },
    });
    expect(brokenBy(migration)).toEqual([]);
  });

  test('exported only to namespaces without a wildcard rule', () => {
    const others = destinationRule('istio-system/wide', { host: '*.local', exportTo: ['ops'], trafficPolicy: { ...POOL, ...MUTUAL } });
    const migration = toMode([...SHOP, others]);
    expect(rulesOf(migration)).toMatchObject({ 'shop/ratings-mtls': { host: HOST, exportTo: ['shop'], trafficPolicy: MUTUAL } });
    expect(brokenBy(migration)).toEqual([]);
  });

  test('exported to all namespaces, if the mesh config exports rules only to their own', () => {
    const config = meshConfig({ ...OFF, defaultDestinationRuleExportTo: ['.'] });
    const migration = migrationOf(mesh(SHOP, { meshConfigs: [{ manifest: config, saidBy: 'config.yaml' }] }), { mode: 'STRICT' });
    expect([rulesOf(migration), migration.possible]).toEqual([{ 'shop/ratings-mtls': { host: HOST, exportTo: ['*'], trafficPolicy: MUTUAL } }, []]);
  });

  test('with a name that is free', () => {
    const other = destinationRule('shop/ratings-mtls', { host: 'other.example.com', trafficPolicy: POOL });
    expect(Object.keys(rulesOf(toMode([...SHOP, other])))).toEqual(['shop/ratings-mtls', 'shop/ratings-mtls-2']);
  });

  test('for hosts of ServiceEntries', () => {
    const entry = serviceEntry('shop/stars', { hosts: ['stars.internal'], location: 'MESH_INTERNAL', resolution: 'STATIC', ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { app: 'ratings' } } });
    expect(rulesOf(toMode([...SHOP, entry]))).toMatchObject({ 'shop/stars-mtls': { host: 'stars.internal', trafficPolicy: MUTUAL } });
  });

  test('for clients that get a sidecar first', () => {
    const bare = [namespace('batch'), deployment('batch/report', calling('ratings.shop:80'))];
    const migration = toMode([...bare, ...SHOP.filter(({ metadata: { name } }) => name !== 'web' && name !== 'prober')]);
    expect([remediesOf(migration), rulesOf(migration)]).toEqual([[`report ${HOST}:80 inject`], { 'shop/ratings-mtls': { host: HOST, trafficPolicy: MUTUAL } }]);
    expect([brokenBy(migration), isProven(migration)]).toEqual([[], true]);
  });

  test('for ports on which they break nothing', () => {
    const excluding = deployment('shop/ratings', { ...SERVER, annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '9000' } });
    const subsets = [
      { name: 'one', labels: { app: 'ratings' }, trafficPolicy: { tls: { mode: 'DISABLE' }, outlierDetection: { consecutive5xxErrors: 3 } } },
      { name: 'two', labels: { app: 'ratings' }, trafficPolicy: POOL }, { name: 'three', labels: { app: 'ratings' } },
    ];
    const own = destinationRule('shop/own', { host: 'ratings', trafficPolicy: { ...POOL, portLevelSettings: [{ port: { number: 9000 }, ...POOL }] }, subsets });
    const migration = toMode([...SHOP.filter((one) => one !== SHOP[4]), excluding, own]);
    const { trafficPolicy: first } = subsets[0];
    expect(rulesOf(migration)['shop/own']).toEqual({
      host: 'ratings',
      trafficPolicy: { ...POOL, portLevelSettings: [{ port: { number: 9000 }, ...POOL }, { port: { number: 80 }, ...POOL, ...MUTUAL }] },
      subsets: [
        { ...subsets[0], trafficPolicy: { ...first, portLevelSettings: [{ port: { number: 80 }, ...POOL, ...first, ...MUTUAL }] } },
        subsets[1], subsets[2],
      ],
    });
    expect(brokenBy(migration)).toEqual([]);
  });

  test('except if a server of the host has no sidecar: known clients get a port exception, others are possible', () => {
    const bare = deployment('shop/ratings-bare', { ...SERVER, labels: { 'app': 'ratings', 'sidecar.istio.io/inject': 'false' } });
    const migration = toMode([...SHOP, bare]);
    expect([rulesOf(migration), remediesOf(migration)]).toEqual([{}, [`web ${HOST}:80 port-exception`]]);
    expect(migration.possible.map(({ client, port }) => `${client.name} ${port}`)).toEqual(['web 9000', 'ratings-bare 9000', 'prober 9000']);
  });

  test('that istiod\'s webhook accepts', () => {
    const own = destinationRule('shop/own', { host: 'ratings', trafficPolicy: { portLevelSettings: [{ port: { number: 9000 }, ...POOL }] } });
    const { objects } = toMode([...SHOP, own]).plan!.after;
    expect([...objects.all()].flatMap(({ source }) => admit(source))).toEqual([]);
  });
});

test('to-disable adds a rule for a host beside a wildcard with ISTIO_MUTUAL', () => {
  const wide = destinationRule('istio-system/wide', { host: '*.local', ...tls('ISTIO_MUTUAL') });
  const other = [...injected('other'), deployment('other/app'), service('other/app'), peerAuthentication('other/default', mode('STRICT'))];
  const migration = toMode([...SHOP, ...other, wide], { mode: 'DISABLE', scope: 'shop' });
  expect(rulesOf(migration)).toEqual({ 'istio-system/wide': wide.spec, 'istio-system/ratings-shop-mtls': { host: HOST, ...tls('DISABLE') } });
  expect([remediesOf(migration), migration.possible, migration.autoMtls]).toEqual([[`web ${HOST}:80 rule-with-plaintext`], [], undefined]);
  expect([brokenBy(migration), isProven(migration)]).toEqual([[], true]);
});

test('a DISABLE server is PERMISSIVE until its clients have rules', () => {
  const disabled = [peerAuthentication('shop/ratings', { selector: { matchLabels: { app: 'ratings' } }, ...mode('DISABLE') }), peerAuthentication('shop/default', mode('PERMISSIVE'))];
  const many = Array.from({ length: 12 }, (_, index) => [deployment(`shop/s${index}`), service(`shop/s${index}`)]).flat();
  const migration = toMode([...SHOP, ...disabled, ...many]);
  expect(isProven(migration)).toBe(true);
  const { units, stages } = migration.plan!;
  const kinds = stages!.map(({ moves }) => moves.flatMap(({ unit, to }) => (units[unit].object.name.startsWith('ratings') ? `${units[unit].object.kind} ${to}` : [])));
  expect(kinds.filter(({ length }) => length > 0)).toEqual([['PeerAuthentication 2'], ['DestinationRule 1'], ['PeerAuthentication 1']]);
});

test('with auto mTLS on, clients get no rules', () => {
  const on = (objects: any[]): Mesh => mesh([...objects, meshConfig({ enableAutoMtls: true })]);
  expect(migrationOf(on(SHOP), { mode: 'STRICT' })).toMatchObject({ autoMtls: undefined, blockers: [] });
});
