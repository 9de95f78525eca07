// A finding's number of workloads counts each client once, however the model groups decisions.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FoundCalls } from '../../src/analysis/calls';
import { Evidence } from '../../src/analysis/evidence';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { clientsOf, DecidedHop } from '../../src/mesh/calls/decisions';
import { grouped } from '../../src/mesh/collections';
import { Mesh } from '../../src/mesh/mesh';
import { concerns } from '../../src/mesh/model/path';

const CONFORMANCE = join(__dirname, '..', '..', 'conformance', 'fixtures', 'connections');
const files = [join(__dirname, '..', 'mesh', 'recorded', 'meshes.jsonl'), ...readdirSync(CONFORMANCE).map((name) => join(CONFORMANCE, name))];
const meshes = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').map((line): { id: string; objects: unknown[] } => JSON.parse(line)));

const keys: Readonly<Record<string, (decided: DecidedHop) => string>> = {
  'of one call': ({ decision: { call: { host, port } }, hop }) => `${host}:${port} ${hop.outcome}`,
  'of several calls': ({ hop }) => hop.outcome,
};

/** The number of workloads in the text of a finding. */
function toldIn(calls: FoundCalls): number {
  const [, others = '0'] = /^calls from \S+ \S+(?: and (another|\d+) (?:other )?workloads?)? to /.exec(String(calls))!;
  return 1 + (others === 'another' ? 1 : Number(others));
}

test.each(Object.entries(keys))('each of the clients %s counts once', (_, keyOf) => {
  let several = 0;
  for (const { id, objects } of meshes) {
    const { mesh, hops } = new Evidence(Mesh.of(objects, { parseYaml: readYaml }));
    const expected = Object.fromEntries([...grouped(hops, keyOf)].map(([key, all]) => {
      const clients = new Set(all.flatMap(({ decision, path }) => clientsOf(decision).filter((client) => concerns(path, client))));
      several += Number(new Set(all.map(({ decision }) => decision)).size > 1 && clients.size > 1);
      return [key, clients.size] as const;
    }).filter(([, count]) => count > 0));
    const told = Object.fromEntries([...FoundCalls.grouped(mesh, hops, keyOf)].map(([key, calls]) => [key, toldIn(calls)]));
    expect({ id, told }).toEqual({ id, told: expected });
  }
  expect(several).toBeGreaterThan(meshes.length / 10);
});
