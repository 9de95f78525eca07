// When a run fails because the model leaves too many connections undecided.
import { addMesh, noShare, tooManyUndecided } from '../../conformance/connections/undecided-share';

type Undecided = Record<string, number>;

/** The problem with a run of meshes, each with its connections and how many of them only the model leaves undecided. */
function judged(run: { judged: number; undecided: Undecided }[]): string | undefined {
  const share = noShare();
  for (const mesh of run) addMesh(share, mesh);
  return tooManyUndecided(share);
}

function meshes(count: number, undecidedOf: (index: number) => Undecided) {
  return Array.from({ length: count }, (_, index) => ({ judged: 20, undecided: undecidedOf(index) }));
}

test('a share over 3 % fails if it is statistically significant', () => {
  expect(judged(meshes(400, (index): Undecided => (index % 2 === 0 ? { 'app-tls': 1 } : {})))).toBeUndefined();
  expect(judged(meshes(400, () => ({ 'app-tls': 1 }))))
    .toBe('the model alone calls 400 of 8000 connections undecided where it knows all objects: 5.0 %, with a standard error of 0.0 %; expected at most 3 %. Why: 400 app-tls');
});

test('meshes that are undecided as a whole increase the standard error', () => {
  // 14 of 400 meshes are undecided as a whole: 3.5 %, with a standard error of 0.9 %.
  expect(judged(meshes(400, (index): Undecided => (index < 14 ? { 'app-tls': 20 } : {})))).toBeUndefined();
  // 24 of 400: 6 %, with one of 1.2 %.
  expect(judged(meshes(400, (index): Undecided => (index < 24 ? { 'app-tls': 20 } : {})))).toContain('480 of 8000 connections undecided where it knows all objects: 6.0 %, with a standard error of 1.2 %');
});

test('few meshes never fail, and destinations outside the manifests don\'t count', () => {
  expect(judged(meshes(299, () => ({ 'app-tls': 20 })))).toBeUndefined();
  expect(judged(meshes(400, () => ({ 'destination-elsewhere': 10, 'where it leads': 10 })))).toBeUndefined();
});
