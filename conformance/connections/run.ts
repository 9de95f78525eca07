// Holds the model against the referee over the meshes of some seeds.
import type { JudgedMesh } from '../manifest';
import type { Counted, PartOptions } from '../part';
import { modelIn, type MeshComparison, type Model } from './comparing';
import { judgedMeshes } from './judging';
import { shrunkenMesh } from './shrinking';
import { note, noteSilence, type Tally } from './tally';
import type { MeshVerdict } from './verdict';
import type { Difference } from './verdicts';
import { type ConnectionJudge } from '../node/connection-judge';

/** Meshes of one seed; a longer run takes the next seeds too. */
const PER_SEED = 1000;
/** How often istiod is asked again about a mesh that differs: where it goes by chance, it will say the other thing, too. */
const ASKED_AGAIN = 8;
/** How many differing meshes are made small: each takes the referee a hundred questions. */
const SHRUNKEN = 5;

interface Differing<Mesh extends JudgedMesh> {
  readonly mesh: Mesh;
  readonly differences: readonly Difference[];
}

interface Run<Mesh extends JudgedMesh, Found extends MeshComparison> extends Required<Omit<PartOptions, 'count'>> {
  readonly count: number;
  readonly judge: ConnectionJudge;
  /** Makes meshes of a seed. */
  readonly sample: (seed: number, count: number) => readonly Mesh[];
  /** Holds what a model says of a mesh against a verdict. */
  readonly compare: (model: Model, mesh: Mesh, verdict: MeshVerdict) => Found;
  /** Is told of each mesh that has a verdict. */
  readonly judged?: (mesh: Mesh, verdict: MeshVerdict, found: Found) => void;
}

/** What it takes to ask again about a mesh. */
type Comparing<Mesh extends JudgedMesh> = Pick<Run<Mesh, MeshComparison>, 'judge' | 'compare'>;

/** Counts the meshes that differ and those that don't, prints what differs, and notes what was found. */
export async function runOver<Mesh extends JudgedMesh, Found extends MeshComparison>(run: Run<Mesh, Found>, tally: Tally): Promise<Counted> {
  const { judge, seed, count, print, sample, compare, judged } = run;
  const model = modelIn();
  const differing: Differing<Mesh>[] = [];
  for (const [at, meshes] of bySeed(seed, count)) {
    tally.seeds.push({ seed: at, meshes });
    for await (const { mesh, verdict } of judgedMeshes(judge, sample(at, meshes))) {
      if (verdict.error) {
        noteSilence(tally, verdict.error);
        continue;
      }
      const found = compare(model, mesh, verdict);
      note(tally, mesh, verdict, found);
      judged?.(mesh, verdict, found);
      if (found.differences.length > 0) differing.push({ mesh, differences: found.differences });
    }
    print(`seed ${at}: ${tally.meshes} meshes, ${tally.agreed} connections agreed, ${tally.differences} differences so far`);
  }
  const confirmed = await seenAgain(run, model, differing, tally);
  for (const { mesh, differences } of confirmed) differences.forEach(({ text }) => print(`mesh ${mesh.id} ${text}`));
  for (const one of confirmed.slice(0, SHRUNKEN)) print(await smallest(run, model, one));
  return { passed: tally.meshes - differing.length, failed: confirmed.length };
}

function bySeed(seed: number, count: number): [number, number][] {
  return Array.from({ length: Math.ceil(count / PER_SEED) }, (_, index) => [seed + index, Math.min(PER_SEED, count - index * PER_SEED)]);
}

/**
 * The meshes that differ whenever istiod is asked again. Where it gives the model's answer once, it goes by chance (the
 * order of a Go map) or was asked before it had built its configuration: those count neither as agreement nor as a
 * difference.
 */
async function seenAgain<Mesh extends JudgedMesh>(
  run: Comparing<Mesh> & Pick<PartOptions, 'print'>, model: Model, differing: readonly Differing<Mesh>[], tally: Tally,
): Promise<Differing<Mesh>[]> {
  const confirmed: Differing<Mesh>[] = [];
  for (const one of differing) {
    const times = await agreements(run, model, one.mesh);
    if (times > 0) {
      tally.differences -= one.differences.length;
      tally.unsteady.push(one.mesh.id);
      for (const { text } of one.differences) run.print(`mesh ${one.mesh.id} differs no more in ${times} of ${ASKED_AGAIN} tries: ${text}`);
    } else {confirmed.push(one);}
  }
  return confirmed;
}

/** How often istiod gives the model's answer when it is asked again. */
async function agreements<Mesh extends JudgedMesh>({ judge, compare }: Comparing<Mesh>, model: Model, mesh: Mesh): Promise<number> {
  const verdicts = await Promise.all(Array.from({ length: ASKED_AGAIN }, () => judge.judge(mesh)));
  return verdicts.filter((verdict) => !verdict.error && compare(model, mesh, verdict).differences.length === 0).length;
}

/** The smallest mesh that shows a difference of a mesh, as one line that keep.ts takes, with both verdicts. */
async function smallest<Mesh extends JudgedMesh>(
  { judge, compare }: Comparing<Mesh>, model: Model, { mesh, differences: [{ words }] }: Differing<Mesh>,
): Promise<string> {
  const differencesOf = async (one: Mesh) => {
    const verdict = await judge.judge(one);
    return verdict.error ? [] : compare(model, one, verdict).differences;
  };
  const small = await shrunkenMesh(mesh, async (fewer) => (await differencesOf(fewer)).some((other) => other.words === words));
  const shown = (await differencesOf(small)).map(({ text }) => text);
  return [`mesh ${mesh.id} made small:`, ...shown, JSON.stringify(small)].join('\n');
}
