import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { connectionChanges } from '../../../src/mesh/compare/connection-changes';
import { diffOf, MeshComparison } from '../../../src/mesh/compare/diff';
import { ComparedObject, objectOf, reverted } from '../../../src/mesh/compare/object-changes';
import { acceptanceChanges } from '../../../src/mesh/compare/server-changes';
import { idKey, objectText } from '../../../src/mesh/inventory/object';
import { Mesh } from '../../../src/mesh/mesh';
import { planAtOnce } from '../../../src/mesh/plan/plan';
import { deployment, destinationRule, mode, namespace, peerAuthentication, service, tls } from '../../support/meshes/mesh';
import { generator, RandomChange, randomChanges, simpleChanges } from '../../support/random/random-changes';

/** Changes of meshes that lack some Namespaces, with each combination of these. */
interface PartlyKnown {
  readonly id: string;
  readonly before: readonly any[];
  readonly after: readonly any[];
  /** Namespaces that may be in the cluster: with sidecars, and without. */
  readonly worlds: readonly (readonly any[])[];
}

const CASES: readonly PartlyKnown[] = [...simpleChanges(901, 70), ...randomChanges(902, 14)].map(partlyKnown);

function partlyKnown({ id, before, after }: RandomChange, index: number): PartlyKnown {
  const draw = generator(index + 17);
  const names = [...new Set([...before, ...after].filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name as string))].sort();
  const hidden = new Set(names.filter((name) => name !== 'istio-system' && draw(2) === 0));
  const known = (objects: readonly any[]) => objects.filter(({ kind, metadata }) => kind !== 'Namespace' || !hidden.has(metadata.name));
  const world = () => [...hidden].map((name) => namespace(name, draw(2) === 0 ? { 'istio-injection': 'enabled' } : {}));
  const worlds = [[...hidden].map((name) => namespace(name, { 'istio-injection': 'enabled' })), world(), world()];
  return { id, before: known(before), after: known(after), worlds: hidden.size === 0 ? [] : worlds };
}

// Two that hold what is asked for, whatever the random ones do.
const HIDDEN = [{ 'istio-injection': 'enabled' }, {}].map((labels) => [namespace('b', labels)]);
const STATED = partlyKnownOf('stated', [namespace('a', { 'istio-injection': 'enabled' }), deployment('a/web'), deployment('b/api'), service('b/api', ['http:80'])], [
  destinationRule('a/unused', { host: 'unused.a.svc.cluster.local', ...tls('DISABLE') }), peerAuthentication('b/default', mode('STRICT')),
]);
const SAFE = partlyKnownOf('safe', [namespace('a', { 'istio-injection': 'enabled' }), deployment('a/web')], [
  service('a/web', ['http:80']), peerAuthentication('a/default', mode('PERMISSIVE')),
]);

function partlyKnownOf(id: string, before: readonly any[], added: readonly any[]): PartlyKnown {
  return { id, before, after: [...before, ...added], worlds: HIDDEN };
}

const meshOf = (objects: readonly any[]) => Mesh.of(objects, { parseYaml: readYaml });
const compared = [STATED, ...CASES].map((one): PartlyKnown & { readonly found: MeshComparison } =>
  ({ ...one, found: diffOf(meshOf(one.before), structuredClone(one.after)) }));

/** Whether undoing a change alters the mesh. */
function hasEffect(mesh: Mesh, change: ComparedObject): boolean {
  const object = [...mesh.objects.all(), ...mesh.objects.unread.values()].find((one) => idKey(one) === idKey(objectOf(change)));
  const without = mesh.with(reverted(change, object));
  return connectionChanges(without, mesh).changes.length + acceptanceChanges(without, mesh).length > 0;
}

test('there are undecided connections, objects without effect, and objects of unknown effect', () => {
  const [{ found: { after, withoutEffect = [], unknownEffects } }] = compared;
  expect(after.undecided()).toBeGreaterThan(0);
  expect(withoutEffect.map((change) => objectText(objectOf(change)))).toEqual(['DestinationRule a/unused']);
  expect(unknownEffects.map(({ object }) => objectText(objectOf(object)))).toEqual(['PeerAuthentication b/default']);
});

test('an object without effect has none for any labels of the missing Namespaces', () => {
  const wrong = compared.flatMap(({ id, worlds, found: { after, withoutEffect = [] } }) => withoutEffect.flatMap((change) => {
    const meshes = [after, ...worlds.map((world) => after.with(...world.map((apply) => ({ apply }))))];
    return meshes.flatMap((mesh, index) => (hasEffect(mesh, change) ? [`${id}, world ${index}: ${objectText(objectOf(change))}`] : []));
  }));
  expect(wrong).toEqual([]);
});

test('every changed object is listed once, or has an effect', () => {
  for (const { id, found: { objects, groups, acceptances, unknownEffects, withoutEffect = [], otherEffects, unjudged } } of compared) {
    const causing = [...groups, ...acceptances].flatMap(({ causes }) => causes);
    const others = [...unknownEffects.map(({ object }) => object), ...withoutEffect, ...otherEffects, ...unjudged];
    const missing = objects.filter((one) => !causing.includes(one) && !others.includes(one));
    expect({ id, missing: missing.map((one) => objectText(objectOf(one))) }).toEqual({ id, missing: [] });
    expect({ id, twice: others.length }).toEqual({ id, twice: new Set(others).size });
    expect({ id, both: [...withoutEffect, ...otherEffects].filter((one) => causing.includes(one)) }).toEqual({ id, both: [] });
  }
});

test('a plan proven safe at once is safe for any labels of the missing Namespaces', () => {
  const proven: string[] = [];
  const wrong = [SAFE, ...CASES].flatMap(({ id, before, after, worlds }) => {
    const { atOnce } = planAtOnce(meshOf(before), structuredClone(after));
    if (atOnce.verdict !== 'safe' || worlds.length === 0) return [];
    proven.push(id);
    return worlds.flatMap((world, index) => {
      const { atOnce: there } = planAtOnce(meshOf([...world, ...before]), structuredClone([...world, ...after]));
      return there.verdict === 'unsafe' ? [`${id}, world ${index}: ${JSON.stringify(there.witness.kind)}`] : [];
    });
  });
  expect(wrong).toEqual([]);
  expect(proven).toContain(SAFE.id);
});
