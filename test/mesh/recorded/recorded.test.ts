// Random meshes with istiod's own verdicts, so that the model is held to them where there is no Go.
import { readFileSync } from 'node:fs';
import { differences, Recorded } from '../../support/meshes/referee-verdicts';

const recorded = readFileSync(`${__dirname}/meshes.jsonl`, 'utf8').trim().split('\n').map((line): Recorded => JSON.parse(line));

test.each(recorded)('mesh $id', (mesh) => {
  expect(differences(mesh)).toEqual([]);
});

test('the record is no empty one', () => {
  expect(recorded.reduce((sum, { judged }) => sum + Object.keys(judged).length, 0)).toBeGreaterThan(500);
});
