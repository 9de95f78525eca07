// Rules never throw, whatever istiod's environment variables are.
import { sampleMeshes } from '../../conformance/generators/mesh';
import { findingsIn } from '../support/meshes/analysis';
import { regressions } from '../support/meshes/kept-meshes';
import { casesOf } from '../support/random/cases';

interface Kept {
  readonly id: string;
  readonly objects: readonly unknown[];
  readonly istiodEnv?: Readonly<Record<string, string>>;
  readonly clusterDomain?: string;
}

const { seed, count } = casesOf('rules');

const kept: readonly Kept[] = regressions;
const random: readonly Kept[] = JSON.parse(JSON.stringify(sampleMeshes(seed, count(60))));

/** The environment variables of the saved meshes, each combined with other meshes too. */
const flags = [{}, ...new Set(kept.map(({ istiodEnv }) => JSON.stringify(istiodEnv ?? {})))].map((env) => (typeof env === 'string' ? JSON.parse(env) : env) as Kept['istiodEnv']);

test.each([['kept', kept], ['random', random]])('no rule throws for %s meshes, under any environment of istiod', (_, meshes) => {
  expect(flags.length).toBeGreaterThan(3);
  const thrown = meshes.flatMap(({ id, objects, istiodEnv, clusterDomain }, index) => [istiodEnv, flags[index % flags.length]].flatMap((env) => {
    try {
      findingsIn(objects, { istiodEnv: env, clusterDomain });
      return [];
    } catch (error) {
      return [`${id} ${JSON.stringify(env)}: ${(error as Error).stack}`];
    }
  }));
  expect(thrown).toEqual([]);
});
