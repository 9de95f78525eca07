// Each change that a finding gives, applied to a mesh as the conformance suite makes it: the finding is gone, nothing that worked
// is worse, and an API server takes the object.
import { admit } from '../../src/admission/admission';
import { analyze } from '../../src/analysis/analysis';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { fieldText } from '../../src/findings/field-path';
import { changed, changeText, ObjectChange } from '../../src/findings/object-change';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { deployment, destinationRule, injected, mode, peerAuthentication, service, tls } from '../support/mesh';
import { randomMeshes } from '../support/random-meshes';

const RANKS = { undecided: -1, broken: 0, plaintext: 1, tls: 2, mtls: 3 };

const meshOf = (objects: any[]) => Mesh.of(objects, { parseYaml: readYaml });
const errorsIn = (object: unknown) => admit(object).filter(({ severity }) => severity === 'error').map(({ code }) => code);
const keyOf = ({ code, object: { kind, namespace, name }, field }: MeshFinding) => `${code} ${kind} ${namespace}/${name} ${fieldText(field)}`;
const isOf = ({ object: { kind, namespace, name } }: ObjectChange, { kind: own, metadata }: any) =>
  own === kind && metadata.name === name && (namespace === '' || (metadata.namespace ?? 'default') === namespace);

/** The worst of each call, and of each connection. */
function fates(mesh: Mesh): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { client, requested, server, outcome } of mesh.connections()) {
    const call = `${client.kind} ${client.namespace}/${client.name} calls ${requested.host}:${requested.port}`;
    const to = server ? [`${call} at ${server.kind} ${server.namespace}/${server.name}:${server.port}`] : [];
    for (const key of [call, ...to]) found.set(key, Math.min(RANKS[outcome], found.get(key) ?? RANKS.mtls));
  }
  return found;
}

function worsened(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...before].filter(([key, rank]) => (after.get(key) ?? (key.includes(' at ') ? rank : 0)) < rank).map(([key]) => key);
}

const meshes = randomMeshes(20, 300);
const mended = new Map<string, number>();

test.each(meshes)('the changes that $id is told to make mend it', ({ objects }) => {
  const mesh = meshOf(objects);
  const { findings } = analyze(mesh);
  const before = fates(mesh);
  for (const finding of findings) {
    const { change } = finding;
    if (!change) continue;
    mended.set(finding.code, (mended.get(finding.code) ?? 0) + 1);
    expect(finding.fix).toBe(changeText(change, finding.object));
    const former = objects.filter((object) => isOf(change, object)).pop();
    const after = change.manifest ?? changed(former, change.fields!);
    const all = [...objects.filter((object) => object !== former), after];
    const mend = meshOf(all);
    expect([finding.fix, worsened(before, fates(mend))]).toEqual([finding.fix, []]);
    expect(analyze(mend).findings.map(keyOf)).not.toContain(keyOf(finding));
    expect(errorsIn(after).filter((code) => !former || !errorsIn(former).includes(code))).toEqual([]);
  }
});

test('many findings have one', () => expect(mended.size).toBeGreaterThan(8));

/** A mesh with many objects: to try one change costs more than there is time for. */
const large = Array.from({ length: 12_000 }, (_, index) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `a${index}`, namespace: 'b' } }));
const broken = [...injected('a', 'b'), deployment('a/web'), deployment('b/srv'), service('b/srv', ['http:80']), peerAuthentication('b/p', mode('STRICT'))];
const first = destinationRule('b/first', { host: 'srv', ...tls('DISABLE') });
const pool = destinationRule('b/second', { host: 'srv', trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } });
const fixesOf = (objects: unknown[], wanted: string) => analyze(meshOf(objects as any[])).findings.filter(({ code }) => code === wanted)
  .map(({ fix, change }) => [fix, change !== undefined]);

test.each<[string, unknown[], [string, boolean]]>([
  ['removes the policy of the only rule for a host', [...broken, first], ['remove spec.trafficPolicy', true]],
  ['keeps that of the first of two, whose place the second\'s would take', [...broken, first, pool], ['set spec.trafficPolicy.tls.mode to ISTIO_MUTUAL', true]],
  ['is left to words in a mesh too large to try it', [...broken, first, ...large], ['let the rule send mutual TLS to port 80 of srv.b.svc.cluster.local', false]],
])('a fix %s', (_, objects, expected) => expect(fixesOf(objects, 'MTLS101')).toEqual([expected]));

test('no rule is added under a name that another one has', () => {
  const headless = [...injected('a', 'b'), deployment('a/web'), deployment('b/srv'), service('b/srv', ['http:80'], { clusterIP: 'None' }),
    peerAuthentication('b/srv', { selector: { matchLabels: { app: 'srv' } }, ...mode('DISABLE') })];
  expect(fixesOf(headless, 'MTLS112')).toEqual([[expect.stringContaining('add DestinationRule b/srv with spec'), true]]);
  expect(fixesOf([...headless, destinationRule('b/srv', { host: 'elsewhere.example.com' })], 'MTLS112'))
    .toEqual([['add a DestinationRule for srv.b.svc.cluster.local with tls.mode DISABLE', false]]);
});
