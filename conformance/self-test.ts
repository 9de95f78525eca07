// Whether the suite fails when it should: makes faults in the compiled model, one at a time, and sees whether random meshes
// tell it from istiod, or from a few that are run for real; in plans and stages between CAs, that are carried out; then in the reader
// of YAML, with random texts, and in what is said of CAs. Needs Go, and a compiled lib/:
//   node conformance self-test [--meshes N] [--texts N] [--seed S]
//   node conformance self-test --small                               small inputs alone: needs no Go
import { parseArgs } from 'node:util';
import { compareMesh, modelIn, type Model } from './connections/comparing';
import { judgedMeshes, type Judged } from './connections/judging';
import type { MeshVerdict } from './connections/verdict';
import { carriedOut } from './convergence/carried-out';
import { planned, WRITTEN } from './convergence/changes';
import { missing } from './data-plane/ability';
import { compareRun, nothingSeen, runnableMeshes } from './data-plane/data-plane';
import { ranMeshes, type Ran } from './data-plane/runner';
import { sampleChangedMeshes, sampleMeshes } from './generators/mesh';
import type { JudgedMesh } from './manifest';
import { ConnectionJudge } from './node/connection-judge';
import { main } from './node/main';
import type { Counted } from './part';
import { faultsInBranches } from './self-test/branches';
import { faultsAboutCas } from './self-test/cas';
import { DATA_PLANE_FAULTS } from './self-test/faults/data-plane';
import { EXPLAINING_FAULTS } from './self-test/faults/explaining';
import { MODEL_FAULTS } from './self-test/faults/model';
import { PLANNING_FAULTS } from './self-test/faults/planning';
import { loadAnew } from './self-test/load-anew';
import { faultsInRotations } from './self-test/rotations';
import { faultsThatShow } from './self-test/small';
import { MESHES, RUNNING } from './self-test/small-inputs';
import { faultyReaders } from './self-test/yaml';
import { seedOf } from '../exploration/seed';

/** More meshes, which show what those of the seed don't hold. */
const OTHERS = { seed: 1, count: 500 };
/** How many meshes have two states, between which alone a fault shows. */
const CHANGED = 500;
/** How many meshes are run for real. */
const RUN = 24;
/** How many CAs are made: each way to break one has its turn once. */
const CAS = 70;

void main(async () => {
  const options = {
    meshes: { type: 'string', default: '1000' }, texts: { type: 'string', default: '3000' }, seed: { type: 'string' },
    small: { type: 'boolean', default: false },
  } as const;
  const { values: { meshes, texts, seed: asked, small } } = parseArgs({ options });
  const shown = faultsThatShow(console.log);
  if (small) return shown.failed === 0 ? 0 : 1;
  const seed = seedOf('self-test', asked);
  const judged = await judgedSteadily(sampleMeshes(seed, Number(meshes)));
  const changed = await judgedSteadily(sampleChangedMeshes(seed, CHANGED));
  const model = modelIn();
  const whole = differing(model, [...judged, ...changed]);
  // A mesh on which the model differs anyway shows no fault.
  const sound = (all: readonly Judged[]) => all.filter(({ mesh, verdict }) => !differs(model, mesh, verdict));
  // What is rare in the samples; the model needn't agree on all of these.
  const written = await judgedOnce(MESHES.map((mesh, index) => ({ id: `written ${index}`, ...mesh })));
  const isOfChange = ({ mesh }: Judged) => mesh.servers !== undefined;
  const rare = [...written.filter((one) => !isOfChange(one)), ...await judgedOnce(sampleMeshes(OTHERS.seed, OTHERS.count))];
  const [usual, between] = [sound([...judged, ...rare]), sound([...changed, ...written.filter(isOfChange)])];
  console.log(`the model as it is: ${whole === undefined ? `none of ${judged.length + changed.length} meshes differs` : `mesh ${whole} differs, and none should`}`);
  const caught: boolean[] = [];
  for (const fault of [...MODEL_FAULTS, ...EXPLAINING_FAULTS]) {
    loadAnew(fault);
    const mesh = differing(modelIn(), fault.ofChange ? between : usual);
    console.log(`${mesh === undefined ? 'MISSED' : `caught by mesh ${mesh}`}: ${fault.name}`);
    caught.push(mesh !== undefined);
  }
  const branches = await faultsInBranches({ seed, print: console.log });
  const running = await faultsInRunningMeshes(seed);
  const plans = await faultsInPlans(seed);
  const rotations = await faultsInRotations({ seed, print: console.log });
  const readers = await faultyReaders({ seed, count: Number(texts), print: console.log });
  const cas = await faultsAboutCas({ seed, count: CAS, print: console.log });
  const others = [shown, branches, running, plans, rotations, readers, cas];
  const passed = others.reduce((sum, one) => sum + one.passed, caught.filter(Boolean).length + Number(whole === undefined));
  const failed = others.reduce((sum, one) => sum + one.failed, caught.filter((one) => !one).length + Number(whole !== undefined));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

/** The same of meshes that run, where they can. */
async function faultsInRunningMeshes(seed: number): Promise<Counted> {
  const lacking = missing();
  if (lacking) {
    console.log(`no mesh was run: ${lacking}`);
    return { passed: 0, failed: 0 };
  }
  loadAnew();
  const ran = await ranSteadily([...runnableMeshes(seed, RUN), ...RUNNING.map((mesh, index) => ({ id: `that can run ${index}`, ...mesh }))]);
  const showing = () => ran.find(shows)?.mesh.id;
  const whole = showing();
  console.log(`the model as it is: ${whole === undefined ? `none of ${ran.length} meshes that ran differs` : `mesh ${whole} differs, and none should`}`);
  let passed = Number(whole === undefined && ran.length > 0);
  for (const fault of DATA_PLANE_FAULTS) {
    loadAnew(fault);
    const mesh = showing();
    console.log(`${mesh === undefined ? 'MISSED' : `caught by mesh ${mesh}`}: ${fault.name}`);
    passed += Number(mesh !== undefined);
  }
  return { passed, failed: DATA_PLANE_FAULTS.length + 1 - passed };
}

const differencesOf = (one: Ran): string[] => compareRun(modelIn(), one, nothingSeen());
const shows = (one: Ran): boolean => differencesOf(one).length > 0;

/** Runs meshes. One that differs runs again, since on a busy machine a call may come too late; what was seen then counts. */
async function ranSteadily(meshes: readonly JudgedMesh[]): Promise<readonly Ran[]> {
  const once = await reported(meshes);
  const steady = once.filter((one) => !shows(one));
  const again = await reported(once.filter(shows).map(({ mesh }) => mesh));
  for (const one of again) console.log(`mesh ${one.mesh.id} ran again${differencesOf(one).map((text) => `, and differs: ${text}`).join('')}`);
  return [...steady, ...again];
}

async function reported(meshes: readonly JudgedMesh[]): Promise<Ran[]> {
  const ran: Ran[] = [];
  for await (const one of ranMeshes(meshes)) if (!one.report.error) ran.push(one);
  return ran;
}

/** The same of plans that are carried out. */
async function faultsInPlans(seed: number): Promise<Counted> {
  if (missing()) return { passed: 0, failed: 0 };
  const breaking = async (): Promise<string | undefined> => {
    const plans = WRITTEN.map((change) => planned(change)!);
    for await (const one of carriedOut(plans, seed)) if (one.broken.length > 0) return one.planned.change.id;
    return undefined;
  };
  loadAnew();
  const whole = await breaking();
  console.log(`plans as they are: ${whole === undefined ? `none of ${WRITTEN.length} breaks a call` : `that of '${whole}' breaks a call, and none should`}`);
  let passed = Number(whole === undefined);
  for (const fault of PLANNING_FAULTS) {
    loadAnew(fault);
    const change = await breaking();
    console.log(`${change === undefined ? 'MISSED' : `caught by '${change}'`}: ${fault.name}`);
    passed += Number(change !== undefined);
  }
  return { passed, failed: PLANNING_FAULTS.length + 1 - passed };
}

/** The verdicts are the same for each fault. */
async function judgedOnce(meshes: readonly JudgedMesh[]): Promise<Judged[]> {
  const judge = new ConnectionJudge();
  try {
    const judged: Judged[] = [];
    for await (const one of judgedMeshes(judge, meshes)) if (!one.verdict.error) judged.push(one);
    return judged;
  } finally {
    judge.close();
  }
}

/** How often istiod is asked again about a mesh that differs: it may go by chance, or have been asked too early. */
const ASKED_AGAIN = 8;

/** The same, with the verdict in which the model agrees where istiod gives several. */
async function judgedSteadily(meshes: readonly JudgedMesh[]): Promise<Judged[]> {
  const model = modelIn();
  const once = await judgedOnce(meshes);
  const isSound = ({ mesh, verdict }: Judged) => !differs(model, mesh, verdict);
  const again = await judgedOnce(once.filter((one) => !isSound(one)).flatMap(({ mesh }) => Array.from({ length: ASKED_AGAIN }, () => mesh)));
  return once.map((one) => (isSound(one) ? one : again.find((other) => other.mesh.id === one.mesh.id && isSound(other)) ?? one));
}

/** The first mesh on which a model and istiod differ. */
function differing(Mesh: Model, judged: readonly Judged[]): string | undefined {
  return judged.find(({ mesh, verdict }) => differs(Mesh, mesh, verdict))?.mesh.id;
}

/** A model that throws is caught too. */
function differs(Mesh: Model, mesh: JudgedMesh, verdict: MeshVerdict): boolean {
  try {
    return compareMesh(Mesh, mesh, verdict).differences.length > 0;
  } catch {
    return true;
  }
}
