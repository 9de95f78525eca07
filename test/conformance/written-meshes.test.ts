// The meshes of names and addresses that every run of the data plane has.
import { compareRun, nothingSeen } from '../../conformance/data-plane/data-plane';
import { Expectations, lineOf } from '../../conformance/data-plane/verdicts';
import { WRITTEN_MESHES } from '../../conformance/data-plane/written-meshes';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';

jest.mock('../../conformance/library', () => ({ libraryModule: (path: string) => jest.requireActual(`../../src/${path}`) }));

test.each(WRITTEN_MESHES.map((mesh) => [mesh.id, mesh] as const))('the model decides the expected calls: %s', (_, { objects, shows, replicas }) => {
  const known = new Expectations(Mesh.of(objects, { parseYaml: readYaml }), replicas);
  expect(known.decided.map(lineOf)).toEqual(expect.arrayContaining([...shows]));
  expect(shows).not.toHaveLength(0);
});

test('reports a mesh without observed calls', () => {
  const [mesh] = WRITTEN_MESHES;
  const report = { id: mesh.id, calls: [], notRun: [], skipped: {}, refused: [] };
  expect(compareRun(Mesh, { mesh, report }, nothingSeen())).toEqual(mesh.shows.map((line) => `${line}\n  seen: no call shows it`));
});

test('mesh ids are unique', () => {
  expect(new Set(WRITTEN_MESHES.map(({ id }) => id)).size).toBe(WRITTEN_MESHES.length);
});
