import { ApiObject, Chart, Testing } from 'cdk8s';
import { load, loadAll } from 'js-yaml';
import {
  ConnectionChangeKind, ConnectionOutcome, MtlsAnalysis, MtlsChange, MtlsChangedObject, MtlsConnection, MtlsDiff, MtlsPlan, MtlsPlanWitness,
  ObjectChangeKind, PlanAction, PlanVerdict,
} from '../../src/index';
import { BAD } from '../cli/manifests';
import { BROKEN, PART, SOUND } from '../cli/meshes';
import { certificate, TestCertificate } from '../support/certificates/x509';
import { command } from '../support/command/command';
import { folderWith, removeFolders } from '../support/command/scratch';
import { asFormat1 } from '../support/meshes/traced';

afterAll(removeFolders);

/** Without STRICT, and with a rule that sends plaintext besides. */
const [PERMISSIVE, PLAIN] = [SOUND, BROKEN].map((text) => text.replace('mode: STRICT', 'mode: PERMISSIVE'));
const ALLOW = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n';
const WITHOUT_SIDECAR = SOUND.replace('app: web', 'app: web\n        sidecar.istio.io/inject: "false"');
const document = (kind: string, from: string) => from.split('---\n').find((text) => text.includes(`kind: ${kind}\n`))!;
const without = (kind: string, from: string) => from.split('---\n').filter((text) => text !== document(kind, from)).join('---\n');

const whatIf = (before: string, ...changes: MtlsChange[]) => MtlsAnalysis.ofYaml(before).whatIf(changes);

/** What the command says of two states, as JSON. */
async function commanded(verb: 'diff' | 'plan', before: string, after: string): Promise<any> {
  const cwd = folderWith({ 'old/mesh.yaml': before, 'new/mesh.yaml': after });
  return JSON.parse((await command([verb, 'old', 'new', '-o', 'json'], { cwd })).out);
}

/** A changed object as the command writes it, without its place, or as the library does. */
const plainObject = ({ change, object, fields, moreFields }: any) => ({ change, ...object, fields, moreFields });
const plainChanged = ({ apiVersion, namespace, ...others }: MtlsChangedObject) => ({
  ...others, ...apiVersion && { apiVersion }, ...namespace && { namespace },
});

const plainReported = ({ client, requested, server, clientTls, serverMode, outcome, because }: any) => [
  client.kind, client.namespace, client.name, requested.host, requested.port,
  server?.kind, server?.namespace, server?.name, server?.port,
  clientTls, serverMode, outcome, because,
];
const plainConnection = (one: MtlsConnection) => [
  one.clientKind, one.clientNamespace, one.clientName, one.requestedHost, one.requestedPort,
  one.serverKind, one.serverNamespace, one.serverName, one.serverPort,
  one.clientTls, one.serverMode, one.outcome, one.because.map(({ group, ...reason }) => reason),
];

function plainDiff({ groups, unchanged, addedConnections, removedConnections, objects, acceptances, identities, withoutEffect, ...more }: MtlsDiff) {
  return {
    counts: [addedConnections, removedConnections, objects],
    groups: groups.map(({ kind, gate, gates, takenBy, from, to, connections, causes, witness: { calls, before, after } }) => ({
      kinds: [kind, gate, ...gates!],
      takenBy,
      numbers: [from, to, connections],
      causes: causes.map(plainChanged),
      calls,
      before: before && plainConnection(before),
      after: after && plainConnection(after),
    })),
    unchanged,
    acceptances: acceptances.map(({ causes, ...acceptance }) => ({ ...acceptance, causes: causes.map(plainChanged) })),
    identities,
    withoutEffect: withoutEffect?.map(plainChanged),
    unknownEffects: more.unknownEffects!.map(({ object, waitsFor, injectedNamespaces, installedRevisions, ...numbers }) =>
      ({ ...numbers, object: plainChanged(object), facts: waitsFor.length, options: [...injectedNamespaces ?? [], ...installedRevisions ?? []] })),
    otherEffects: more.otherEffects!.map(plainChanged),
    unjudged: more.unjudged.map((object) => ({ ...plainChanged(object), why: object.why })),
    unread: more.unread,
  };
}

function plainDiffReport({ groups, summary, connections: { unchanged, added, removed }, acceptances, identities, withoutEffect, ...more }: any) {
  return {
    counts: [added, removed, summary.objects],
    groups: groups.map(({ kind, gate, gates, takenBy, from, to, connections, causes, witness: { calls, before, after } }: any) => ({
      kinds: [kind, gate, ...gates],
      takenBy: takenBy && `${takenBy.kind} ${takenBy.namespace}/${takenBy.name}`,
      numbers: [from, to, connections],
      causes: causes.map(plainObject),
      calls,
      before: before && plainReported(asFormat1(before)),
      after: after && plainReported(asFormat1(after)),
    })),
    unchanged,
    acceptances: acceptances.map(({ gate, causes, ...others }: any) => (
      { ...others, gate, exposed: gate !== undefined, causes: causes.map(plainObject) })),
    identities,
    withoutEffect: withoutEffect?.map(plainObject),
    unknownEffects: more.unknownEffects.map(({ object, facts, decidedBy, isAvoidable: _, witness: __, ...numbers }: any) => {
      const options = decidedBy ? [...decidedBy.injectedNamespaces, ...decidedBy.installedRevisions] : [];
      return { ...numbers, object: plainObject(object), facts: facts.length, options };
    }),
    otherEffects: more.otherEffects.map(plainObject),
    unjudged: more.unjudged.map(({ why, ...object }: any) => ({ ...plainObject(object), why })),
    unread: more.unread,
  };
}

const plainWitness = (witness?: MtlsPlanWitness) =>
  witness && { ...witness, waitsFor: witness.waitsFor?.length, ...changesOf(witness, plainChanged) };

const plainReportedWitness = ({ facts, ...witness }: any = {}) => witness.kind && {
  ...witness,
  waitsFor: facts?.length,
  server: witness.server && { kind: witness.server.kind, namespace: witness.server.namespace, name: witness.server.name },
  serverPort: witness.server?.port,
  ...changesOf(witness, plainObject),
};

type Changes<T> = Record<'clientHas' | 'clientLacks' | 'serverHas' | 'serverLacks', T[]>;

function changesOf<T>({ clientHas, clientLacks, serverHas, serverLacks }: Changes<T>, plain: (one: T) => unknown) {
  const [having, lacking, served, missing] = [clientHas, clientLacks, serverHas, serverLacks].map((all) => all.map(plain));
  return { clientHas: having, clientLacks: lacking, serverHas: served, serverLacks: missing };
}

function plainPlan({ atOnce, atOnceBecause, atOnceWitness, worsened, stages, stuckBecause, stuckWitness, others, unjudged }: MtlsPlan) {
  return {
    atOnce,
    worsened,
    witnesses: [atOnceWitness, stuckWitness].map(plainWitness),
    hasWitness: [atOnceBecause !== undefined, stuckBecause !== undefined],
    stages: stages?.map(({ verdict, because, witness, steps, waits }) => ({
      verdict,
      waits,
      hasWitness: because !== undefined,
      witness: plainWitness(witness),
      steps: steps.map(({ action, object, passing, rollout }) => ({ action, passing, rollout, ...plainChanged(object) })),
    })) ?? null,
    others: others.map(plainChanged),
    unjudged: unjudged.map((object) => ({ ...plainChanged(object), why: object.why })),
  };
}

function plainPlanReport({ atOnce, worsened, stages, stuck, others, unjudged }: any) {
  return {
    atOnce: atOnce.verdict,
    worsened,
    witnesses: [atOnce.witness, stuck].map(plainReportedWitness),
    hasWitness: [atOnce.witness !== undefined, stuck !== undefined],
    stages: stages?.map(({ verdict, witness, steps, waits }: any) => ({
      verdict,
      waits,
      hasWitness: witness !== undefined,
      witness: plainReportedWitness(witness),
      steps: steps.map((step: any) => ({ action: step.action, passing: step.version === 'passing', rollout: step.isRollout, ...plainObject(step) })),
    })) ?? null,
    others: others.map(plainObject),
    unjudged: unjudged.map(({ why, ...object }: any) => ({ ...plainObject(object), why })),
  };
}

describe('the library says what the command says of', () => {
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
    expect(plainDiff(next.diff)).toEqual(plainDiffReport(await commanded('diff', before, after)));
    expect(plainPlan(next.plan())).toEqual(plainPlanReport(await commanded('plan', before, after)));
  });
});

test('objects are applied and removed in turn, and the analysis stays as it is', () => {
  const analysis = MtlsAnalysis.ofYaml(PLAIN);
  const { diff } = analysis.whatIf([MtlsChange.apply(document('PeerAuthentication', SOUND))]);
  expect(diff.groups).toMatchObject([{
    kind: ConnectionChangeKind.CHANGED,
    from: ConnectionOutcome.PLAINTEXT,
    to: ConnectionOutcome.BROKEN,
    connections: 1,
    causes: [{
      change: ObjectChangeKind.CHANGED,
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      namespace: 'shop',
      name: 'default',
      fields: [{ field: 'spec.mtls.mode', from: 'PERMISSIVE', to: 'STRICT' }],
      moreFields: 0,
    }],
    witness: { calls: 'shop/ratings:9080', before: { clientName: 'web', serverMode: 'PERMISSIVE' }, after: { serverName: 'ratings', serverMode: 'STRICT' } },
  }]);
  const mended = analysis.whatIf([MtlsChange.apply(document('PeerAuthentication', SOUND)), MtlsChange.remove('DestinationRule', 'shop', 'ratings')]);
  expect(mended.diff.groups.map(({ from, to }) => [from, to])).toEqual([[ConnectionOutcome.PLAINTEXT, ConnectionOutcome.MTLS]]);
  expect(mended.diff).toBe(mended.diff);
  const undone = [MtlsChange.remove('DestinationRule', 'shop', 'ratings'), MtlsChange.apply(document('DestinationRule', PLAIN))];
  expect(analysis.whatIf(undone).diff).toMatchObject({ groups: [], withoutEffect: [], unchanged: 1 });
  const nothing = { others: [], unjudged: [], unread: {}, assumptions: [], notes: [] };
  expect(analysis.whatIf([]).plan()).toEqual({ atOnce: PlanVerdict.SAFE, worsened: { broken: 0, plaintext: 0 }, stages: [], ...nothing });
  expect(analysis.summary).toMatchObject({ plaintext: 1, broken: 0 });
});

test('a plan has stages with manifests to apply, and says why not at once', () => {
  const { atOnce, atOnceBecause, stages, stuckBecause } = whatIf(PLAIN, MtlsChange.replaceAll(SOUND)).plan();
  expect([atOnce, atOnceBecause, stuckBecause]).toEqual([PlanVerdict.UNSAFE, expect.stringContaining('shop/web → ratings.shop.svc.cluster.local:9080 at shop/ratings is broken while'), undefined]);
  expect(stages!.map(({ verdict, because }) => [verdict, because])).toEqual([[PlanVerdict.SAFE, undefined], [PlanVerdict.SAFE, undefined]]);
  expect(stages!.map(({ waits }) => waits.length)).toEqual([1, 1]);
  const steps = stages!.flatMap((stage) => stage.steps);
  expect(steps.map(({ action, object: { kind }, passing, rollout }) => [action, kind, passing, rollout])).toEqual([
    [PlanAction.APPLY, 'DestinationRule', false, false], [PlanAction.APPLY, 'PeerAuthentication', false, false],
  ]);
  expect(load(steps[0].manifest!)).toEqual(load(document('DestinationRule', SOUND)));
  expect(load(steps[1].manifest!)).toEqual(load(document('PeerAuthentication', SOUND)));
});

test('a deleted object has no manifest, and neither has one with what may be a key', () => {
  const key = Buffer.from(Array.from({ length: 60 }, (_, index) => (index * 37) % 251)).toString('base64');
  const noted = document('PeerAuthentication', SOUND).replace('metadata:\n', `metadata:\n  annotations: {note: "${key}"}\n`);
  const next = whatIf(PLAIN, MtlsChange.apply(noted), MtlsChange.remove('DestinationRule', 'shop', 'ratings'));
  const steps = next.plan().stages!.flatMap((stage) => stage.steps);
  expect(steps.map(({ action, object: { kind }, manifest }) => [action, kind, manifest])).toEqual([
    [PlanAction.DELETE, 'DestinationRule', undefined], [PlanAction.APPLY, 'PeerAuthentication', undefined],
  ]);
  expect(JSON.stringify([next.diff, next.plan()])).not.toContain(key);
});

test('a change is read, and placed, as the manifests are', () => {
  expect(() => MtlsChange.apply('kind: A\na: b: c\n')).toThrow(/^manifests:2:\d+: the document is .* \[ADMIT151\]$/);
  expect(() => MtlsChange.replaceAll('kind: A\na: b: c\n')).toThrow('[ADMIT151]');
  const policy = document('PeerAuthentication', SOUND).replace('  namespace: shop\n', '');
  expect(whatIf(PLAIN, MtlsChange.apply(policy)).diff.groups).toEqual([]);
  expect(MtlsAnalysis.ofYaml(PLAIN, { namespace: 'shop' }).whatIf([MtlsChange.apply(policy)]).diff.groups).toMatchObject([{ to: ConnectionOutcome.BROKEN }]);
});

test('what would be refused changes nothing, and is told', () => {
  const refused = document('PeerAuthentication', SOUND).replace('mode:', 'mod:');
  const next = whatIf(PERMISSIVE, MtlsChange.apply(`${refused}---\n${BAD}`));
  expect(next.refused).toEqual(expect.arrayContaining([expect.stringMatching(/^PeerAuthentication 'shop\/default': spec\.mtls\.mod is .*\[ADMIT\d+\]$/)]));
  expect(next.diff).toMatchObject({ groups: [], acceptances: [], withoutEffect: [] });
  expect(whatIf(PERMISSIVE, MtlsChange.replaceAll(SOUND.replace('mode:', 'mod:'))).diff).toMatchObject({ groups: [], acceptances: [], withoutEffect: [] });
  expect(whatIf(PERMISSIVE, MtlsChange.apply(SOUND)).refused).toEqual([]);
});

describe('an object to remove', () => {
  test.each<[string, [string, string, string], string]>([
    ['is mistyped', ['DestinationRule', 'shop', 'rating'], 'MtlsChange: remove is DestinationRule shop/rating; expected an object of the manifests or the facts, because nothing would be removed. Fix: write DestinationRule shop/ratings. [MTLS083]'],
    ['is of another group', ['DestinationRule.apps', 'shop', 'ratings'], 'Fix: write DestinationRule shop/ratings. [MTLS083]'],
    ['is like none', ['Gateway', 'elsewhere', 'ingress'], 'Fix: check the name. [MTLS083]'],
  ])('that %s', (_, [kind, namespace, name], message) => {
    expect(() => whatIf(BROKEN, MtlsChange.remove(kind, namespace, name))).toThrow(message);
  });

  test('is gone after that', () => {
    const remove = MtlsChange.remove('DestinationRule', 'shop', 'ratings');
    expect(() => whatIf(BROKEN, remove, remove)).toThrow('[MTLS083]');
  });

  test('may be named with its group, and must where several kinds have its name', () => {
    expect(whatIf(BROKEN, MtlsChange.remove('DestinationRule.networking.istio.io', 'shop', 'ratings')).diff.groups).toHaveLength(1);
    const gateways = ['networking.istio.io/v1', 'gateway.networking.k8s.io/v1']
      .map((version) => `apiVersion: ${version}\nkind: Gateway\nmetadata: {name: ingress, namespace: shop}\nspec: {}\n`).join('---\n');
    expect(() => whatIf(gateways, MtlsChange.remove('Gateway', 'shop', 'ingress'))).toThrow(
      'MtlsChange: remove is Gateway, which may be Gateway.networking.istio.io or Gateway.gateway.networking.k8s.io; expected one object, '
      + 'because it would be unclear which object is meant. Fix: write the kind with its group, such as Gateway.networking.istio.io. [MTLS083]',
    );
    expect(() => whatIf(gateways, MtlsChange.remove('Gateway.networking.istio.io', 'shop', 'ingress'))).not.toThrow();
  });
});

test('facts stay where all manifests are replaced', () => {
  const facts = [without('PeerAuthentication', PERMISSIVE)];
  const analysis = MtlsAnalysis.ofYaml(document('PeerAuthentication', PERMISSIVE), { facts });
  expect(analysis.whatIf([MtlsChange.replaceAll('')]).diff).toMatchObject({ groups: [], unchanged: 1 });
  expect(analysis.whatIf([MtlsChange.replaceAll(document('PeerAuthentication', SOUND))]).diff.acceptances).toMatchObject([
    { from: 'PERMISSIVE', to: 'STRICT', exposed: false }, { from: 'PERMISSIVE', to: 'STRICT', exposed: false },
  ]);
  expect(analysis.whatIf([MtlsChange.remove('Deployment', 'shop', 'web')]).diff.groups).toMatchObject([{ kind: ConnectionChangeKind.REMOVED, from: ConnectionOutcome.MTLS }]);
});

test('an app is compared as a text is', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'chart');
  loadAll(PLAIN).forEach((object, number) => new ApiObject(chart, `object${number}`, object as any));
  const changes = [MtlsChange.apply(document('PeerAuthentication', SOUND))];
  expect(MtlsAnalysis.ofApp(app).whatIf(changes).diff).toEqual(whatIf(PLAIN, ...changes).diff);
});

test('a CA in place of another is told of both, as the command tells it', async () => {
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
