// Applies the change of each finding to a mesh: the finding disappears, no call or connection that worked
// gets worse, and an API server accepts the object.
import { admit } from '../../src/admission/admission';
import { analyze, UNKNOWN_DATE } from '../../src/analysis/analysis';
import { judge } from '../../src/analysis/judgement';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { applied, changeText, fieldText, ObjectChange } from '../../src/findings/finding';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { recordedMeshes } from '../support/meshes/kept-meshes';
import { deployment, destinationRule, injected, mode, peerAuthentication, service, tls } from '../support/meshes/mesh';
import { Access, randomAccess } from '../support/random/access';
import { casesOf } from '../support/random/cases';
import { randomMeshes } from '../support/random/random-meshes';

const RANKS = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };
const ACCEPTANCE = { UNKNOWN: -1, NO_PROXY: 0, DISABLE: 0, PERMISSIVE: 1, STRICT: 2 };

const meshOf = (objects: any[]) => Mesh.of(objects, { parseYaml: readYaml });
const errorsIn = (object: unknown) => admit(object).filter(({ severity }) => severity === 'error').map(({ code }) => code);
const keyOf = ({ code, object: { kind, namespace, name }, field }: MeshFinding) => `${code} ${kind} ${namespace}/${name} ${fieldText(field)}`;
const isOf = ({ object: { kind, namespace, name } }: ObjectChange, { kind: own, metadata }: any) =>
  own === kind && metadata.name === name && (namespace === '' || (metadata.namespace ?? 'default') === namespace);

/** Outcomes of calls and connections, modes of ports, and which connections AuthorizationPolicies deny. */
class Fates {
  readonly calls = new Map<string, number>();
  readonly connections = new Map<string, number>();
  readonly ports = new Map<string, number>();
  /** Whether a connection has a client certificate, and whether policies deny it. */
  readonly refused = new Map<string, { certified: boolean; refused: boolean }>();

  constructor(mesh: Mesh) {
    const access = new Access(mesh);
    for (const connection of mesh.connections()) {
      const { client, requested, server, serverMode, outcome } = connection;
      const call = `${client.kind} ${client.namespace}/${client.name} calls ${requested.host}:${requested.port}`;
      const port = server && `${server.kind} ${server.namespace}/${server.name}:${server.port}`;
      const to = `${call} at ${port} ${outcome === 'mtls'}`;
      worst(this.calls, call, RANKS[outcome]);
      if (!port) continue;
      worst(this.connections, `${call} at ${port}`, RANKS[outcome]);
      this.ports.set(port, ACCEPTANCE[serverMode]);
      if (RANKS[outcome] > 0) this.refused.set(to, { certified: outcome === 'mtls', refused: access.refuses(connection) });
    }
  }

  /** FoundCalls, connections and ports that are worse in another mesh. */
  worsenedIn(after: Fates, opened: readonly string[]): string[] {
    const wasRefused = (call: string) => [...this.refused].some(([to, { refused }]) => to.startsWith(`${call} at `) && refused);
    return [
      ...[...this.calls].filter(([call, rank]) => (after.calls.get(call) ?? 0) < rank).map(([call]) => call),
      ...[...this.connections].filter(([to, rank]) => (after.connections.get(to) ?? rank) < rank).map(([to]) => to),
      ...[...this.ports].filter(([port, rank]) => (after.ports.get(port) ?? rank) < rank && !opened.some((number) => port.endsWith(`:${number}`))).map(([port]) => `${port} is open`),
      ...[...after.refused].filter(([to, { refused }]) => {
        const [call, at] = to.split(/ at | (?:true|false)$/);
        const former = [true, false].flatMap((certified) => this.refused.get(`${call} at ${at} ${certified}`) ?? []);
        const worked = former.length > 0 ? former.every((one) => !one.refused) : (this.calls.get(call) ?? 0) > 0 && !wasRefused(call);
        return refused && worked;
      }).map(([to]) => `${to} is refused`),
      ...[...this.refused].filter(([to, { refused }]) => refused && after.refused.get(to)?.refused === false).map(([to]) => `${to} is let in`),
    ];
  }
}

function worst(found: Map<string, number>, key: string, rank: number): void {
  found.set(key, Math.min(rank, found.get(key) ?? RANKS.mtls));
}

/** Whether a workload's selector matches its pods; true for other objects. */
function isSelfSelecting(object: any): boolean {
  const { matchLabels, ...rest } = object?.spec?.selector ?? {};
  const labels = object?.spec?.template?.metadata.labels;
  return !labels || Object.entries(matchLabels ?? rest).every(([key, value]) => labels[key] === value);
}

/** The ports whose mode a change sets. */
const portsSet = ({ fields = [] }: ObjectChange) => fields.filter(({ op, path }) => op === 'set' && path[1] === 'portLevelMtls').map(({ path }) => String(path[2]));

const { seed, count } = casesOf('rules');
const COUNT = count(160);
const access = [...randomAccess(20, recordedMeshes.length), ...randomAccess(seed, COUNT)];
const meshes = [...recordedMeshes, ...randomMeshes(seed, COUNT)].map(({ id, objects }, index) => ({ id, objects: [...objects, ...access[index]] }));
/** Codes of fixed findings in recorded meshes, which don't vary with the seed. */
const mended = new Set<string>();

test.each(meshes)('changes of findings fix $id', ({ id, objects }) => {
  const mesh = meshOf(objects);
  const { findings } = analyze(mesh);
  const before = new Fates(mesh);
  for (const finding of findings) {
    const { change } = finding;
    if (!change) continue;
    if (recordedMeshes.some((one) => one.id === id)) mended.add(finding.code);
    expect(finding.fix).toBe(changeText(change, finding.object));
    const former = objects.filter((object) => isOf(change, object)).pop();
    const after: any = applied(change, former);
    const mend = meshOf([...objects.filter((object) => object !== former), ...after ? [after] : []]);
    expect([finding.fix, before.worsenedIn(new Fates(mend), portsSet(change))]).toEqual([finding.fix, []]);
    expect(judge(mend, [], UNKNOWN_DATE).findings.map(keyOf)).not.toContain(keyOf(finding));
    expect(isSelfSelecting(after) || !isSelfSelecting(former)).toBe(true);
    if (after) expect(errorsIn(after).filter((code) => !former || !errorsIn(former).includes(code))).toEqual([]);
  }
});

test('several codes have a change in recorded meshes', () => expect(mended.size).toBeGreaterThan(5));

/** A mesh that is too large to try changes on. */
const large = Array.from({ length: 12_000 }, (_, index) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `a${index}`, namespace: 'b' } }));
const broken = [...injected('a', 'b'), deployment('a/web'), deployment('b/srv'), service('b/srv', ['http:80']), peerAuthentication('b/p', mode('STRICT'))];
const first = destinationRule('b/first', { host: 'srv', ...tls('DISABLE') });
const pool = destinationRule('b/second', { host: 'srv', trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } });
const fixesOf = (objects: unknown[], wanted: string) => analyze(meshOf(objects as any[])).findings.filter(({ code }) => code === wanted)
  .map(({ fix, change }) => [fix, change !== undefined]);

test.each<[string, unknown[], [string, boolean]]>([
  ['removes the traffic policy of the only rule for a host', [...broken, first], ['remove spec.trafficPolicy', true]],
  ['keeps the traffic policy of the first of two rules, because that of the second would replace it', [...broken, first, pool], ['set spec.trafficPolicy.tls.mode to ISTIO_MUTUAL', true]],
  ['is only worded in a mesh that is too large to try it', [...broken, first, ...large], ['make the rule send mutual TLS to port 80 of srv.b.svc.cluster.local', false]],
])('a fix %s', (_, objects, expected) => expect(fixesOf(objects, 'MTLS101')).toEqual([expected]));

test('a fix is tried in each of the cases in which a mesh is judged, as often as in few', () => {
  const unknown = ['a', 'b', 'c', 'd'].map((space) => deployment(`${space}/web`));
  const objects = [...unknown, ...broken.slice(2), first, ...large.slice(0, 700)];
  expect(analyze(meshOf(objects)).worlds!.all.length).toBe(16);
  expect(fixesOf(objects, 'MTLS101')).toEqual([['remove spec.trafficPolicy', true]]);
});

test('a new rule never gets the name of an existing one', () => {
  const headless = [...injected('a', 'b'), deployment('a/web'), deployment('b/srv'), service('b/srv', ['http:80'], { clusterIP: 'None' }),
    peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, ...mode('DISABLE') })];
  expect(fixesOf(headless, 'MTLS112')).toEqual([[expect.stringContaining('add DestinationRule b/srv with spec'), true]]);
  const taken = destinationRule('b/srv', { host: 'elsewhere.example.com' });
  expect(fixesOf([...headless, taken], 'MTLS112')).toEqual([['set spec.mtls.mode to PERMISSIVE', true]]);
  const tcp = headless.map((object: any) => (object.kind === 'Service' ? service('b/srv', ['tcp:80'], { clusterIP: 'None' }) : object));
  expect(fixesOf([...tcp, taken], 'MTLS112')).toEqual([['add a DestinationRule for srv.b.svc.cluster.local with tls.mode DISABLE', false]]);
});

test.each<[string, object | undefined, boolean]>([
  ['no labels', undefined, true],
  ['other labels', { matchLabels: { app: 'srv' } }, true],
  ['that label', { matchLabels: { 'app': 'srv', 'security.istio.io/tlsMode': 'disabled' } }, false],
  ['an expression of that label', { matchExpressions: [{ key: 'security.istio.io/tlsMode', operator: 'Exists' }] }, false],
  ['that label in a ReplicationController\'s form', { 'security.istio.io/tlsMode': 'disabled' }, false],
])('a remedy may remove a label from pods whose workload selects them by %s', (_, selector, expected) => {
  const labelled = deployment('b/srv', { labels: { 'app': 'srv', 'security.istio.io/tlsMode': 'disabled' } });
  const selecting = { ...labelled, spec: { ...labelled.spec as object, selector } };
  expect(fixesOf([...injected('a', 'b'), deployment('a/web'), selecting, service('b/srv', ['http:80'])], 'MTLS111').map(([, isChange]) => isChange)).toEqual([expected]);
});
