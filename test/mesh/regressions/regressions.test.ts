// Meshes on which the model once differed from istiod, with istiod's own verdicts.
import { readdirSync, readFileSync } from 'node:fs';
import { differences, Recorded } from '../../support/referee-verdicts';

const recorded = readdirSync(__dirname).filter((file) => file.endsWith('.json')).sort()
  .map((file): Recorded => JSON.parse(readFileSync(`${__dirname}/${file}`, 'utf8')));

test.each(recorded)('$id', (mesh) => {
  expect(Object.keys(mesh.judged).length).toBeGreaterThan(0);
  expect(differences(mesh)).toEqual([]);
});
