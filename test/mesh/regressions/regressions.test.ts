// Meshes on which the model once differed from istiod, with istiod's own verdicts.
import { regressions } from '../../support/meshes/kept-meshes';
import { differences } from '../../support/meshes/referee-verdicts';

test.each(regressions)('$id', (mesh) => {
  expect(Object.keys(mesh.judged).length).toBeGreaterThan(0);
  expect(differences(mesh)).toEqual([]);
});
