// Manifests may hold anything: the analysis never throws, and doesn't depend on their order.
import { analyze } from '../../src/analysis/analysis';
import { readYaml } from '../../src/manifests/yaml/read-yaml';
import { Mesh } from '../../src/mesh/mesh';
import { sentenceOf } from '../support/meshes/analysis';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';
import { spoiledManifests } from '../support/random/spoiled-manifests';

const { seed, count } = casesOf('rules');

function told(objects: unknown[]): unknown {
  const mesh = Mesh.of(objects, { parseYaml: readYaml });
  return { findings: analyze(mesh).findings.map(sentenceOf).sort(), connections: [...mesh.connections()], summary: mesh.summary() };
}

test('invalid fields don\'t crash the analysis, nor make it depend on the order of objects', () => {
  fc.assert(fc.property(spoiledManifests, fc.nat(), (objects, turn) => {
    const at = turn % (objects.length + 1);
    const turned = [...objects.slice(at), ...objects.slice(0, at)].reverse();
    expect(told(turned)).toEqual(told(objects));
  }), { seed, numRuns: count(500), interruptAfterTimeLimit: 8000 });
});
