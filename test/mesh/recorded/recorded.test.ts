// Random meshes with recorded verdicts of istiod, which check the model where Go isn't installed.
import { readFileSync } from 'node:fs';
import { differences, Recorded } from '../../support/meshes/referee-verdicts';

const recorded = readFileSync(`${__dirname}/meshes.jsonl`, 'utf8').trim().split('\n').map((line): Recorded => JSON.parse(line));

test.each(recorded)('mesh $id', (mesh) => {
  expect(differences(mesh)).toEqual([]);
});

test('there are recorded meshes', () => {
  expect(recorded.reduce((sum, { judged }) => sum + Object.keys(judged).length, 0)).toBeGreaterThan(500);
});
