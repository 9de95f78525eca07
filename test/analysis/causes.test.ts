// Exactly one rule reports each broken connection: that of its cause.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { CODE_OF_CAUSE, Cause } from '../../src/analysis/causes';
import { Evidence } from '../../src/analysis/evidence';
import { RULES } from '../../src/analysis/rules';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { regressions } from '../support/meshes/kept-meshes';

const CONFORMANCE = join(__dirname, '..', '..', 'conformance', 'fixtures', 'connections');
const linesOf = (file: string) => readFileSync(file, 'utf8').trim().split('\n').map((line): { id: string; objects: unknown[] } => JSON.parse(line));

const RULE_FIXTURES = join(__dirname, 'rules');

const meshes = [
  ...linesOf(join(__dirname, '..', 'mesh', 'recorded', 'meshes.jsonl')),
  ...readdirSync(RULE_FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()
    .map((id) => ({ id, objects: loadAll(readFileSync(join(RULE_FIXTURES, id), 'utf8')) })),
  ...regressions,
  ...readdirSync(CONFORMANCE).flatMap((name) => linesOf(join(CONFORMANCE, name))),
];

const causes = Object.keys(CODE_OF_CAUSE) as Cause[];

/** Also reports calls that arrive in plaintext. */
const UNENCRYPTED = 'MTLS308';

interface Counts {
  /** The number of connections that each cause breaks, and that its rule reports. */
  readonly broken: Readonly<Record<string, number>>;
  readonly told: Readonly<Record<string, number>>;
  /** The number of hops with one of the causes, and of broken hops. */
  readonly known: number;
  readonly all: number;
}

const counted = new Map<unknown, Counts>();

/** Computed once for all tests. */
function countsOf(objects: unknown[]): Counts {
  const counts = counted.get(objects) ?? countIn(objects);
  counted.set(objects, counts);
  return counts;
}

function countIn(objects: unknown[]): Counts {
  const evidence = new Evidence(Mesh.of(objects, { parseYaml: readYaml }));
  const { decisions } = evidence.mesh;
  const broken: Record<string, number> = {};
  const told: Record<string, number> = {};
  for (const cause of causes) {
    const code = CODE_OF_CAUSE[cause];
    broken[cause] = evidence.brokenBy(cause).reduce((sum, { decision, path }) => sum + decisions.count(decision, path), 0);
    const all = [...RULES.find((rule) => rule.code === code)!.find(evidence)].reduce((sum, { connections }) => sum + (connections ?? 0), 0);
    told[cause] = code === UNENCRYPTED ? Math.min(all, broken[cause]) : all;
  }
  return { broken, told, known: causes.reduce((sum, cause) => sum + evidence.brokenBy(cause).length, 0), all: evidence.hopsTo('broken').length };
}

test.each(meshes)('the rule of its cause reports each broken connection of $id', ({ objects }) => {
  const { broken, told } = countsOf(objects);
  expect(told).toEqual(broken);
});

test('each cause has its own rule', () => {
  const told = Object.values(CODE_OF_CAUSE);
  expect(new Set(told).size).toBe(told.length);
});

test('the meshes have every cause', () => {
  const sums = Object.fromEntries(causes.map((cause) => [cause, 0]));
  for (const { objects } of meshes) for (const [cause, count] of Object.entries(countsOf(objects).broken)) sums[cause] += count;
  expect(Object.entries(sums).filter(([, count]) => count === 0)).toEqual([]);
});

test('every broken connection has one of the causes', () => {
  const counts = meshes.map(({ objects }) => countsOf(objects));
  expect(counts.map(({ known }) => known)).toEqual(counts.map(({ all }) => all));
});
