// Each change that a finding gives, applied to a mesh as the conformance suite makes it: the finding is gone, nothing that worked
// is worse, and an API server takes the object.
import { admit } from '../../src/admission/admission';
import { analyze } from '../../src/analysis/analysis';
import { MeshFinding } from '../../src/analysis/mesh-finding';
import { fieldText } from '../../src/findings/field-path';
import { changed, changeText, ObjectChange } from '../../src/findings/object-change';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
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

const meshes = randomMeshes(20, 400);
const mended = new Map<string, number>();
const told = new Map<string, number>();

test.each(meshes)('the changes that $id is told to make mend it', ({ objects }) => {
  const mesh = meshOf(objects);
  const { findings } = analyze(mesh);
  const before = fates(mesh);
  for (const finding of findings) {
    told.set(finding.code, (told.get(finding.code) ?? 0) + 1);
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

test('many findings have one', () => {
  const rates = Object.fromEntries([...told].sort().map(([code, count]) => [code, `${mended.get(code) ?? 0} of ${count}`]));
  console.log(JSON.stringify(rates, null, 1));
  expect([...mended.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
});
