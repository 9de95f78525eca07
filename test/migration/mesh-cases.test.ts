import { conditionText } from '../../src/findings/condition';
import { KIND } from '../../src/mesh/inventory/kinds';
import { idKey } from '../../src/mesh/inventory/object';
import { Mesh } from '../../src/mesh/mesh';
import { PlannedChange } from '../../src/mesh/plan/planned-change';
import { allValuesOf } from '../../src/mesh/worlds/worlds';
import { Blocker } from '../../src/migration/blockers';
import { LostCall, lostCalls } from '../../src/migration/callers';
import { Conditional, MeshCases } from '../../src/migration/mesh-cases';
import { isDecidedProven, Migration, migrationOf } from '../../src/migration/migration';
import { ModeTarget, TargetMode } from '../../src/migration/target';
import { undecidedCalls } from '../../src/migration/undecided-calls';
import { holdIn, isProvenIn, partly, stated } from '../support/meshes/completions';
import { deployment, destinationRule, injected, mesh, meshConfig, mode, namespace, peerAuthentication, service, tls } from '../support/meshes/mesh';
import { casesOf } from '../support/random/cases';
import { randomChanges, simpleChanges, withNamedCalls } from '../support/random/random-changes';

const { seed, count } = casesOf('migrations');

const calling = (value: string, more: object = {}) => ({ spec: { containers: [{ name: 'app', env: [{ name: 'UPSTREAM', value }] }], ...more } });
const SHOP = [deployment('shop/web', calling('ratings:9080')), deployment('shop/ratings', { ports: [{ containerPort: 9080 }] }), service('shop/ratings', [9080])];
const REPORT = deployment('batch/report', calling('ratings.shop:9080'));
const PROBER = deployment('ops/prober');

const migrated = (objects: any[], to: TargetMode = 'STRICT', options: object = {}): Migration => migrationOf(mesh(objects, options), { mode: to });
const where = ({ if: conditions }: Conditional<object>) => (conditions ? conditionText(conditions) : 'always');
const told = (one: Conditional<Blocker>) => `${typeof one.client === 'string' ? one.client : one.client.name} ${one.remedy} ${where(one)}`;
const possibly = ({ possible }: Migration) => possible.map((one) => `${one.client.name} ${where(one)}`);
const provenIn = ({ plan }: Migration) => plan!.stages!.map(({ verdict, provenIf }) => (verdict === 'safe' ? 'always' : provenIf ? conditionText(provenIf) : 'never'));

test.each<[string, any[], string[], string[]]>([
  ['none, where the client and its server have sidecars or neither', [SHOP], [], []],
  ['a client of another namespace, where it has no sidecar and the server has', [SHOP, REPORT], ['report inject if shop has sidecars and batch has none'], []],
  ['one whose own namespace is shown, where the server has a sidecar', [SHOP, namespace('batch'), REPORT], ['report inject if shop has sidecars'], []],
  ['one whose server\'s namespace is shown, where it has no sidecar', [injected('shop'), SHOP, REPORT], ['report inject if batch has none'], []],
  ['one that never has a sidecar, where the server has', [SHOP, deployment('ops/agent', calling('ratings.shop:9080', { hostNetwork: true }))], ['agent port-exception if shop has sidecars'], []],
  ['one whose rule sends plaintext, where it and the server have sidecars', [SHOP, destinationRule('shop/ratings', { host: 'ratings', ...tls('DISABLE') })],
    ['web rule-without-tls if shop has sidecars'], []],
  ['one outside, where the server has a sidecar', [SHOP, service('shop/edge', [{ port: 80, targetPort: 9080 }] as any, { type: 'LoadBalancer', selector: { app: 'ratings' } })],
    ['outside port-exception if shop has sidecars'], []],
  ['and who may call, where it has no sidecar and the server has', [SHOP, PROBER], [], ['prober if shop has sidecars and ops has none']],
])('a mode cuts off %s', (_, objects, blockers, possible) => {
  const migration = migrated(objects.flat(2));
  expect([migration.blockers.map(told), possibly(migration), migration.undecided]).toEqual([blockers, possible, 0]);
  expect(new Set(provenIn(migration))).toEqual(new Set(['always']));
});

test('the other modes name the case, too', () => {
  const strict = peerAuthentication('shop/default', mode('STRICT'));
  const rule = destinationRule('shop/ratings', { host: 'ratings', ...tls('ISTIO_MUTUAL') });
  expect(migrated([...SHOP, strict, rule], 'DISABLE').blockers.map(told)).toEqual(['web rule-without-tls if shop has sidecars']);
  expect(migrated([...SHOP, REPORT, strict], 'PERMISSIVE')).toMatchObject({ blockers: [], possible: [], undecided: 0, missing: [{ name: 'batch' }, { name: 'shop' }] });
});

test('a revision that isn\'t known to be installed is decided both ways', () => {
  const { blockers } = migrated([namespace('shop', { 'istio.io/rev': 'canary' }), ...SHOP, namespace('batch'), REPORT], 'STRICT', { installedRevisions: ['stable'] });
  const [both, one] = ['if revisions canary and default are installed', 'if revision canary is installed and revision default isn\'t installed'];
  expect(blockers.map(told)).toEqual([`report inject ${both}`, `report port-exception ${one}`]);
});

test('a remedy that needs a revision which may not be installed is followed by one that holds without it', () => {
  const { blockers, plan, missing } = migrated([namespace('shop', { 'istio.io/rev': 'stable' }), ...SHOP, namespace('batch'), REPORT], 'STRICT', { installedRevisions: ['stable'] });
  expect(missing).toMatchObject([{ fact: 'revision', name: 'default' }]);
  expect(blockers.map(told)).toEqual(['report inject if revision default is installed', 'report port-exception if revision default isn\'t installed']);
  expect(plan!.after.objects.of(KIND.PeerAuthentication).map(({ name, spec }) => [name, spec.portLevelMtls])).toContainEqual(['ratings', { 9080: { mode: 'PERMISSIVE' } }]);
});

test('auto mTLS is turned on for the case that needs it, and not where it would break a call in some case', () => {
  const off = meshConfig({ enableAutoMtls: false });
  const { autoMtls, blockers } = migrated([...SHOP, off]);
  expect([autoMtls, blockers.map(told)]).toEqual([{ isTurnedOn: true }, ['web auto-mtls if shop has sidecars']]);
  const elsewhere = migrated(SHOP, 'STRICT', { meshConfigs: [{ manifest: off, saidBy: 'config.yaml' }] });
  expect([elsewhere.autoMtls, elsewhere.blockers.map(told)]).toEqual([{ isTurnedOn: false, because: 'elsewhere' }, ['web rule-with-mutual-tls if shop has sidecars']]);
});

test('a mesh without missing facts has no conditions, and too many facts for its calls leave them undecided', () => {
  expect(migrated([...injected('shop'), ...SHOP]).missing).toBeUndefined();
  const spaces = Array.from({ length: 130 }, (_, index) => `n${index}`);
  const objects = [...spaces.map((space) => deployment(`${space}/client`)), deployment('n0/server', { ports: [{ containerPort: 80 }] }), service('n0/server', ['http:80'])];
  const { missing, undecided, possible, plan } = migrated(objects);
  expect([missing, undecided > 0, possible, plan!.stages!.map(({ verdict, witness }) => [verdict, witness?.kind])]).toEqual([undefined, true, [], [['unproven', 'undecided']]]);
});

test('undecided connections are the only ones that may be unproven, in each case', () => {
  const witness = (kind: string) => ({ stages: [{ verdict: 'unproven', witness: { kind } }] });
  const [safe, undecided, call] = [{ stages: [{ verdict: 'safe' }] }, witness('undecided'), witness('call')] as any[];
  const inCases = [[safe, undecided], [safe, call], [call, safe], [undecided, call]];
  expect(inCases.map((cases) => isDecidedProven({ ...undecided, cases }))).toEqual([true, false, false, false]);
  expect([safe, undecided, call, { stages: undefined }].map(isDecidedProven)).toEqual([true, true, false, false]);
});

const keyOf = ({ client, host, port, server }: Blocker) => `${typeof client === 'string' ? `${client} ${idKey(server!)}` : idKey(client)} ${host}:${port}`;
const callOf = ({ client, host, port }: LostCall) => `${idKey(client)} ${host}:${port}`;

/** Values of facts: all combinations of few, and some of more. */
function someValues(facts: number): readonly (readonly boolean[])[] {
  const all = allValuesOf(Array.from({ length: Math.min(facts, 8) }, (_, index) => ({ fact: 'namespace' as const, name: String(index) })));
  const completed = all.map((values) => Array.from({ length: facts }, (_, index) => values[index % values.length]));
  return facts <= 4 ? completed : completed.filter((_, index) => index % Math.ceil(completed.length / 12) === 0);
}

/** What the migration says of a completion, and what is so there. */
function comparedIn(shown: Mesh, target: ModeTarget, migration: Migration, values: readonly boolean[]) {
  const { missing = [], blockers, possible, undecided, undecidedIf = [], plan } = migration;
  const isHere = ({ if: conditions = [] }: Conditional<object>): boolean => holdIn(conditions, missing, values);
  const completed = stated(shown, missing, values);
  const here = blockers.filter(isHere);
  const claims: Record<string, unknown> = { blockers: here.map(keyOf).sort() };
  const facts: Record<string, unknown> = { blockers: migrationOf(completed, target).blockers.map(keyOf).sort() };
  if (plan) {
    const { objects } = plan.after;
    const change = PlannedChange.of([completed], [...objects.all(), ...objects.unread.values()].map(({ source }) => source));
    const { after } = change.plan();
    const lost = lostCalls(MeshCases.of(completed), MeshCases.of(after));
    const named = new Set(lost.map(callOf));
    const isSaved = here.filter(({ client, remedy }) => typeof client !== 'string' && remedy).every((one) => !named.has(keyOf(one)));
    const open = undecidedCalls(completed, after);
    const isMost = holdIn(undecidedIf, missing, values);
    const couldCall = possible.filter(isHere).map(callOf).sort();
    Object.assign(claims, { possible: couldCall, isSaved: true, open: isMost ? undecided : Math.min(open, undecided) });
    Object.assign(facts, { possible: lost.filter(({ evidence }) => evidence === 'possible').map(callOf).sort(), isSaved, open });
    if (plan.stages?.every(({ moves }) => moves.every(({ unit }) => plan.units[unit].versions.length <= 2))) {
      const isProven = ({ verdict, provenIf }: NonNullable<typeof plan.stages>[number]) => verdict === 'safe' || (provenIf !== undefined && holdIn(provenIf, missing, values));
      claims.isProven = plan.stages.every(isProven);
      facts.isProven = missing.length <= 4 || claims.isProven ? isProvenIn(plan, change) : false;
    }
  }
  return { claims, facts };
}

test('what is told of each case is so in the completed mesh', () => {
  const modes: readonly TargetMode[] = ['STRICT', 'STRICT', 'DISABLE', 'PERMISSIVE'];
  let [tried, conditional] = [0, 0];
  for (const [number, { id, before }] of [...simpleChanges(seed + 3, count(40)), ...randomChanges(seed + 3, count(20))].entries()) {
    const shown = mesh(partly(withNamedCalls(before), number));
    const target = { mode: modes[number % modes.length] };
    const migration = migrationOf(shown, target);
    for (const values of migration.missing ? someValues(migration.missing.length) : []) {
      const { claims, facts } = comparedIn(shown, target, migration, values);
      expect({ id, values, ...claims }).toEqual({ id, values, ...facts });
      tried += 1;
    }
    conditional += [...migration.blockers, ...migration.possible].filter((one) => one.if).length;
  }
  expect([tried, conditional].every((some) => some > 0)).toBe(true);
});
