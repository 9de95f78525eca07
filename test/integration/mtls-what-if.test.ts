import { ApiObject, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { load, loadAll } from 'js-yaml';
import { Calls, ConnectionOutcome, IstioMesh, MtlsAnalysis, MtlsChange, PlanStage, PlanVerdict } from '../../src/index';
import { BAD } from '../cli/manifests';
import { BROKEN, declaringCalls, PART, SOUND } from '../cli/meshes';
import { certificate, TestCertificate } from '../support/certificates/x509';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { DeclaringShop } from '../support/constructs/declaring-shop';

afterAll(removeFolders);

/** A PERMISSIVE mesh, without and with a rule that sends plaintext. */
const [PERMISSIVE, PLAIN] = [SOUND, BROKEN].map((text) => text.replace('mode: STRICT', 'mode: PERMISSIVE'));
const ALLOW = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n';
const WITHOUT_SIDECAR = SOUND.replace('app: web', 'app: web\n        sidecar.istio.io/inject: "false"');
const document = (kind: string, from: string) => from.split('---\n').find((text) => text.includes(`kind: ${kind}\n`))!;
const without = (kind: string, from: string) => from.split('---\n').filter((text) => text !== document(kind, from)).join('---\n');

const whatIf = (before: string, ...changes: MtlsChange[]) => MtlsAnalysis.ofYaml(before).whatIf(changes);

/** The command's JSON output for two states. */
async function commanded(verb: 'diff' | 'plan', before: string, after: string): Promise<any> {
  const cwd = folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });
  return JSON.parse((await command([verb, 'old', 'new', '-o', 'json'], { cwd })).out);
}

/** Fields of the command's JSON that are about files and the run. */
const OF_RUN = ['format', 'istio', 'configuration', 'failures', 'refused', 'refusals', 'unreadable', 'skipped', 'notes'];

/** The command's output without fields about files and the run. */
function withoutFiles(printed: object): any {
  const places = ['file', 'line', 'column'];
  const { summary, ...others } = JSON.parse(JSON.stringify(printed, (key, value) => (places.includes(key) ? undefined : value)));
  const rest = Object.fromEntries(Object.entries(others).filter(([key]) => !OF_RUN.includes(key)));
  return { ...rest, ...summary && { summary: { objects: summary.objects } } };
}

describe('the library\'s result equals the command\'s for', () => {
  test.each<[string, string, string]>([
    ['a mesh and itself', BROKEN, BROKEN],
    ['a connection that breaks', SOUND, BROKEN],
    ['one that is mended', BROKEN, SOUND],
    ['plaintext', PERMISSIVE, PLAIN],
    ['a rule and a policy that must go in turn', PLAIN, SOUND],
    ['the way back', SOUND, PLAIN],
    ['a client that loses its sidecar', SOUND, WITHOUT_SIDECAR],
    ['a client that is gone', SOUND, without('Deployment', SOUND)],
    ['a namespace that is gone', SOUND, without('Namespace', SOUND)],
    ['what nobody judges, and what has no effect', SOUND, `${PART}---\n${ALLOW}`],
    ['an identity', SOUND, SOUND.replace('      containers:', '      serviceAccountName: other\n      containers:')],
    ['nothing and all', '', SOUND],
  ])('%s', async (_, before, after) => {
    const next = whatIf(before, MtlsChange.replaceAll(after));
    const plan = next.plan();
    const [diffed, planned] = [await commanded('diff', before, after), await commanded('plan', before, after)].map(withoutFiles);
    expect(JSON.parse(next.diff.json)).toEqual(diffed);
    expect(JSON.parse(plan.json)).toEqual(planned);
    expect(next.diff.groups.map(({ json }) => JSON.parse(json))).toEqual(diffed.groups);
    expect(next.diff.groups.map(({ kind, gates, from, to, connections }) => ({ kind, gates, from, to, connections })))
      .toEqual(diffed.groups.map(({ kind, gates, from, to, connections }: any) => ({ kind, gates, from, to, connections })));
    expect(next.diff.unchanged).toBe(diffed.connections.unchanged);
    expect(plan.stages?.map(({ json }) => JSON.parse(json)) ?? null).toEqual(planned.stages);
    expect(plan.stages?.map(({ verdict, waits }) => ({ verdict, waits })) ?? null)
      .toEqual(planned.stages?.map(({ verdict, waits }: any) => ({ verdict, waits })) ?? null);
    expect([plan.atOnce, plan.atOnceBecause !== undefined, plan.stuckBecause !== undefined])
      .toEqual([planned.atOnce.verdict, planned.atOnce.witness !== undefined, planned.stuck !== undefined]);
  });
});

test('applies and removes objects in order, without changing the analysis', () => {
  const analysis = MtlsAnalysis.ofYaml(PLAIN);
  const { diff } = analysis.whatIf([MtlsChange.apply(document('PeerAuthentication', SOUND))]);
  expect(diff.groups).toMatchObject([{
    kind: 'changed',
    gates: ['new-broken'],
    from: ConnectionOutcome.PLAINTEXT,
    to: ConnectionOutcome.BROKEN,
    connections: 1,
    causes: ['PeerAuthentication shop/default'],
    example: 'shop/web → shop/ratings:9080, server shop/ratings:9080',
  }]);
  expect(JSON.parse(diff.groups[0].json)).toMatchObject({
    causes: [{
      change: 'changed',
      object: { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', namespace: 'shop', name: 'default' },
      fields: [{ field: 'spec.mtls.mode', from: 'PERMISSIVE', to: 'STRICT' }],
      moreFields: 0,
    }],
    witness: { calls: 'shop/ratings:9080', before: { hops: [{ serverMode: 'PERMISSIVE' }] }, after: { hops: [{ serverMode: 'STRICT' }] } },
  });
  const mended = analysis.whatIf([MtlsChange.apply(document('PeerAuthentication', SOUND)), MtlsChange.remove('DestinationRule', 'shop', 'ratings')]);
  expect(mended.diff.groups.map(({ from, to }) => [from, to])).toEqual([[ConnectionOutcome.PLAINTEXT, ConnectionOutcome.MTLS]]);
  expect(mended.diff).toBe(mended.diff);
  const undone = [MtlsChange.remove('DestinationRule', 'shop', 'ratings'), MtlsChange.apply(document('DestinationRule', PLAIN))];
  expect(analysis.whatIf(undone).diff).toMatchObject({ groups: [], unchanged: 1 });
  expect(analysis.whatIf([]).plan()).toEqual({ atOnce: PlanVerdict.SAFE, stages: [], notes: [], narrowed: [], json: expect.any(String) });
  expect(analysis.summary).toMatchObject({ plaintext: 1, broken: 0 });
});

function stepsIn(stages: readonly PlanStage[] | undefined): any[] {
  return stages!.flatMap(({ json }) => JSON.parse(json).steps);
}

test('a plan has stages with manifests, and explains why the change is unsafe at once', () => {
  const { atOnce, atOnceBecause, stages, stuckBecause } = whatIf(PLAIN, MtlsChange.replaceAll(SOUND)).plan();
  expect([atOnce, atOnceBecause, stuckBecause]).toEqual([PlanVerdict.UNSAFE, expect.stringContaining('shop/web → ratings.shop.svc.cluster.local:9080 at shop/ratings is broken while'), undefined]);
  expect(stages!.map(({ verdict, because }) => [verdict, because])).toEqual([[PlanVerdict.SAFE, undefined], [PlanVerdict.SAFE, undefined]]);
  expect(stages!.map(({ waits }) => waits.length)).toEqual([1, 1]);
  expect(stepsIn(stages).map(({ action, object: { kind }, version, isRollout }) => [action, kind, version, isRollout])).toEqual([
    ['apply', 'DestinationRule', 'final', false], ['apply', 'PeerAuthentication', 'final', false],
  ]);
  expect(stages!.map(({ manifests }) => manifests.map((one) => load(one)))).toEqual([[load(document('DestinationRule', SOUND))], [load(document('PeerAuthentication', SOUND))]]);
});

test('omits the manifest of a deleted object, and of one that may contain a key', () => {
  const key = Buffer.from(Array.from({ length: 60 }, (_, index) => (index * 37) % 251)).toString('base64');
  const noted = document('PeerAuthentication', SOUND).replace('metadata:\n', `metadata:\n  annotations: {note: "${key}"}\n`);
  const next = whatIf(PLAIN, MtlsChange.apply(noted), MtlsChange.remove('DestinationRule', 'shop', 'ratings'));
  const { stages } = next.plan();
  expect(stepsIn(stages).map(({ action, object: { kind } }) => [action, kind])).toEqual([['delete', 'DestinationRule'], ['apply', 'PeerAuthentication']]);
  expect(stages!.flatMap(({ manifests }) => manifests)).toEqual([]);
  expect(JSON.stringify([next.diff, next.plan()])).not.toContain(key);
});

test('a change is read, and placed, as the manifests are', () => {
  expect(() => MtlsChange.apply('kind: A\na: b: c\n')).toThrow(/^manifests:2:\d+: the document is .* \[ADMIT151\]$/);
  expect(() => MtlsChange.replaceAll('kind: A\na: b: c\n')).toThrow('[ADMIT151]');
  const policy = document('PeerAuthentication', SOUND).replace('  namespace: shop\n', '');
  expect(whatIf(PLAIN, MtlsChange.apply(policy)).diff.groups).toEqual([]);
  expect(MtlsAnalysis.ofYaml(PLAIN, { namespace: 'shop' }).whatIf([MtlsChange.apply(policy)]).diff.groups).toMatchObject([{ to: ConnectionOutcome.BROKEN }]);
});

const NOTHING = { groups: [], acceptances: [], withoutEffect: [] };

test('doesn\'t apply refused objects, and lists them', () => {
  const refused = document('PeerAuthentication', SOUND).replace('mode:', 'mod:');
  const next = whatIf(PERMISSIVE, MtlsChange.apply(`${refused}---\n${BAD}`));
  expect(next.refused).toEqual(expect.arrayContaining([expect.stringMatching(/^PeerAuthentication 'shop\/default': spec\.mtls\.mod is .*\[ADMIT\d+\]$/)]));
  expect(JSON.parse(next.diff.json)).toMatchObject(NOTHING);
  expect(JSON.parse(whatIf(PERMISSIVE, MtlsChange.replaceAll(SOUND.replace('mode:', 'mod:'))).diff.json)).toMatchObject(NOTHING);
  expect(whatIf(PERMISSIVE, MtlsChange.apply(SOUND)).refused).toEqual([]);
});

describe('an object to remove', () => {
  test.each<[string, [string, string, string], string]>([
    ['is mistyped', ['DestinationRule', 'shop', 'rating'], 'MtlsChange: remove is DestinationRule shop/rating; expected an object of the manifests or the facts, because nothing would be removed. Fix: write DestinationRule shop/ratings. [API083]'],
    ['is of another group', ['DestinationRule.apps', 'shop', 'ratings'], 'Fix: write DestinationRule shop/ratings. [API083]'],
    ['is like none', ['Gateway', 'elsewhere', 'ingress'], 'Fix: check the name. [API083]'],
  ])('that %s', (_, [kind, namespace, name], message) => {
    expect(() => whatIf(BROKEN, MtlsChange.remove(kind, namespace, name))).toThrow(message);
  });

  test('is gone after that', () => {
    const remove = MtlsChange.remove('DestinationRule', 'shop', 'ratings');
    expect(() => whatIf(BROKEN, remove, remove)).toThrow('[API083]');
  });

  test('may be named with its group, and must where several kinds have its name', () => {
    expect(whatIf(BROKEN, MtlsChange.remove('DestinationRule.networking.istio.io', 'shop', 'ratings')).diff.groups).toHaveLength(1);
    const gateways = ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1']
      .map((version) => `apiVersion: ${version}\nkind: Gateway\nmetadata: {name: ingress, namespace: shop}\nspec: {}\n`).join('---\n');
    expect(() => whatIf(gateways, MtlsChange.remove('Gateway', 'shop', 'ingress'))).toThrow(
      'MtlsChange: remove is Gateway, which may be Gateway.networking.istio.io or Gateway.gateway.networking.k8s.io; expected one object, '
      + 'because it would be unclear which object is meant. Fix: write the kind with its group, such as Gateway.networking.istio.io. [API083]',
    );
    expect(() => whatIf(gateways, MtlsChange.remove('Gateway.networking.istio.io', 'shop', 'ingress'))).not.toThrow();
  });
});

test('facts stay where all manifests are replaced', () => {
  const facts = [without('PeerAuthentication', PERMISSIVE)];
  const analysis = MtlsAnalysis.ofYaml(document('PeerAuthentication', PERMISSIVE), { facts });
  expect(analysis.whatIf([MtlsChange.replaceAll('')]).diff).toMatchObject({ groups: [], unchanged: 1 });
  const stricter = analysis.whatIf([MtlsChange.replaceAll(document('PeerAuthentication', SOUND))]).diff;
  expect(JSON.parse(stricter.json).acceptances).toMatchObject([{ from: 'PERMISSIVE', to: 'STRICT', gates: [] }, { from: 'PERMISSIVE', to: 'STRICT', gates: [] }]);
  expect(analysis.whatIf([MtlsChange.remove('Deployment', 'shop', 'web')]).diff.groups).toMatchObject([{ kind: 'removed', from: ConnectionOutcome.MTLS }]);
});

test('an app is compared as a text is', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'chart');
  loadAll(PLAIN).forEach((object, number) => new ApiObject(chart, `object${number}`, object as any));
  const changes = [MtlsChange.apply(document('PeerAuthentication', SOUND))];
  expect(MtlsAnalysis.of(app).whatIf(changes).diff).toEqual(whatIf(PLAIN, ...changes).diff);
});

describe('a change that an app holds', () => {
  test('is answered where it breaks a declared call, which fails the synth', () => {
    const shop = new DeclaringShop();
    Calls.of(shop.deployment('web')).to(shop.server('cart'));
    const before = MtlsAnalysis.of(shop.app);
    const plain = { host: 'cart', trafficPolicy: { tls: { mode: 'DISABLE' } } };
    shop.object('plaintext', 'networking.istio.io/v1', 'DestinationRule', 'cart', plain);
    shop.object('strict', 'security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } });
    expect(() => shop.app.synthYaml()).toThrow('[API855]');
    const { diff } = before.whatIf([MtlsChange.replaceAllWith(shop.app)]);
    expect(diff.groups).toMatchObject([{ from: ConnectionOutcome.MTLS, to: ConnectionOutcome.BROKEN, connections: 1 }]);
    expect(shop.refusals).toEqual([expect.stringContaining('[API855]')]);
  });

  test('equals its manifests', () => {
    const [before, app] = [MtlsAnalysis.ofYaml(BROKEN), Testing.app()];
    const chart = new Chart(app, 'chart');
    loadAll(PLAIN).forEach((object, number) => new ApiObject(chart, `object${number}`, object as any));
    expect(before.whatIf([MtlsChange.replaceAllWith(app)]).diff).toEqual(before.whatIf([MtlsChange.replaceAll(app.synthYaml())]).diff);
  });

  test('is of one mesh', () => {
    const app = Testing.app();
    for (const name of ['dev', 'prod']) new IstioMesh(new Construct(app, name), 'mesh');
    expect(() => MtlsChange.replaceAllWith(app)).toThrow('which holds the meshes');
  });
});

test('diff and plan report a replaced CA like the command', async () => {
  const [old, next] = ['istiod-root', 'company root'].map((commonName) => certificate({ commonName, ca: true, keyUsage: [5, 6] }));
  const secret = ({ pem, keyPem }: TestCertificate) => JSON.stringify({
    apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name: 'cacerts' }, stringData: { 'ca-cert.pem': pem, 'ca-key.pem': keyPem, 'root-cert.pem': pem, 'cert-chain.pem': pem },
  });
  const [before, after] = [old, next].map((ca) => `${SOUND}---\n${secret(ca)}\n`);
  const whole = whatIf(before, MtlsChange.apply(secret(next)));
  const [note] = whole.diff.notes;
  expect(note).toContain('will sign with CN=company root instead of CN=istiod-root, and proxies currently trust CN=istiod-root: ');
  expect(whole.plan().notes).toEqual([note]);
  for (const verb of ['diff', 'plan'] as const) expect((await commanded(verb, before, after)).notes).toEqual([{ about: 'control plane', text: note }]);
  expect(whatIf(before).diff.notes).toEqual([]);
});

describe('where workloads declare their calls', () => {
  const [before, after] = [PERMISSIVE, BROKEN].map((mesh) => declaringCalls(mesh, ''));

  test('the others are left out of diff and plan, and counted', () => {
    const { diff } = MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.replaceAll(after)]);
    expect(diff).toMatchObject({ groups: [], worseLeftOut: 1, narrowed: [], leftOut: { connections: 1, broken: 1, clients: ['deployment/shop/web'] } });
    const plan = MtlsAnalysis.ofYaml(before).whatIf([MtlsChange.replaceAll(after)]).plan();
    expect(plan).toMatchObject({ atOnce: PlanVerdict.SAFE, narrowed: [], leftOut: { connections: 1 } });
    expect(plan.leftOutText).toContain('the change itself breaks 1 of them');
  });

  test('allCalls judges them', () => {
    const { diff } = MtlsAnalysis.ofYaml(before, { allCalls: true }).whatIf([MtlsChange.replaceAll(after)]);
    expect(diff).toMatchObject({ groups: [{ to: ConnectionOutcome.BROKEN }], leftOut: undefined, worseLeftOut: undefined });
  });

  test('a workload that declares fewer calls is named', () => {
    const next = MtlsAnalysis.ofYaml(PERMISSIVE).whatIf([MtlsChange.replaceAll(after)]);
    const { narrowed, groups } = next.diff;
    expect(narrowed).toEqual(['Deployment shop/web now declares its calls, without 1 that it could make before: ratings.shop.svc.cluster.local:9080']);
    expect(next.plan().narrowed).toEqual(narrowed);
    expect(groups).toMatchObject([{ to: ConnectionOutcome.BROKEN }]);
  });
});
