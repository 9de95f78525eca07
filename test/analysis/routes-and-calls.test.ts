// Findings about routes and subsets, which look at no calls, agree with the calls of all recorded meshes.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { beatenRoutes } from '../../src/analysis/beaten-routes';
import { Evidence } from '../../src/analysis/evidence';
import { unusedSubset } from '../../src/analysis/rules/mtls315-unused-subset';
import { undefinedSubsets } from '../../src/analysis/subset-mistakes';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { fullHost } from '../../src/mesh/names/hosts';
import { regressions } from '../support/meshes/kept-meshes';

const MESH_TESTS = join(__dirname, '..', 'mesh');
const CONFORMANCE = join(__dirname, '..', '..', 'conformance', 'fixtures', 'connections');
const RULES = join(__dirname, 'rules');
const linesOf = (file: string) => readFileSync(file, 'utf8').trim().split('\n').map((line): { id: string; objects: unknown[] } => JSON.parse(line));

const meshes: readonly { id: string; objects: unknown[] }[] = [
  ...linesOf(join(MESH_TESTS, 'recorded', 'meshes.jsonl')),
  ...regressions,
  ...readdirSync(CONFORMANCE).flatMap((name) => linesOf(join(CONFORMANCE, name))),
  ...readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
    .map((id) => ({ id, objects: loadAll(readFileSync(join(RULES, id), 'utf8')) })),
];

const evidenceOf = (objects: unknown[]) => new Evidence(Mesh.of(objects, { parseYaml: readYaml }));
const all = meshes.map(({ id, objects }) => ({ id, evidence: evidenceOf(objects) }));

const beatenIn = (evidence: Evidence) => [...evidence.planes.keys()].flatMap((plane) => [...beatenRoutes(plane, evidence)]);

test('no HTTP call uses a VirtualService that is reported as ignored', () => {
  const taken = all.flatMap(({ id, evidence }) => beatenIn(evidence).flatMap(({ object, host }) => {
    const full = fullHost(host, object).toLowerCase();
    const isOfHttp = object.spec.tcp === undefined && object.spec.tls === undefined;
    return evidence.hops.filter(({ decision: { call }, hop: { route } }) => isOfHttp && route?.object === object && call.host === full).map(() => `${id}: ${object.name}`);
  }));
  expect(taken).toEqual([]);
});

test('no call uses a subset that is reported as unused', () => {
  const used = all.flatMap(({ id, evidence }) => [...unusedSubset.find(evidence)].flatMap(({ object, actual }) =>
    evidence.hops.filter(({ hop: { subset } }) => subset?.object === object && actual.split(', ').includes(`'${subset.name}'`)).map(() => `${id}: ${object.name}`)));
  expect(used).toEqual([]);
});

test('no call arrives at a subset that is reported as undefined', () => {
  const arrived = all.flatMap(({ id, evidence }) => undefinedSubsets(evidence).flatMap(({ destination: { object, host, subset } }) =>
    evidence.hops.filter(({ hop: { route, target, subset: found } }) => (
      found && route?.object === object && target.host === host && target.subset === subset))
      .map(() => `${id}: ${object.name}`)));
  expect(arrived).toEqual([]);
});

test('the meshes have ignored routes, unused and undefined subsets', () => {
  const withCalls = all.filter(({ evidence }) => evidence.hops.length > 0);
  const count = (find: (evidence: Evidence) => Iterable<unknown>) => withCalls.reduce((sum, { evidence }) => sum + [...find(evidence)].length, 0);
  expect(Math.min(count(beatenIn), count((evidence) => unusedSubset.find(evidence)), count(undefinedSubsets))).toBeGreaterThan(0);
});
