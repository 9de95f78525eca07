// Random meshes, and a few written by hand, run for real: what was seen on the wire, at servers and by clients, and what the model says of it.
import type { Connection } from '../../src/mesh/calls/connections';
import { admittedOf, modelIn, modelled, type Model } from '../connections/comparing';
import { add } from '../connections/tally';
import type { Counts } from '../connections/verdicts';
import { sampleMeshes } from '../generators/mesh';
import type { JudgedMesh } from '../manifest';
import { ENVOY_VERSION } from '../node/envoy';
import { istioVersion } from '../node/module-version';
import type { PartOptions, PartResult, Print } from '../part';
import { ranMeshes, type Ran } from './runner';
import { Expectations, judgeCall, keyOf, lineOf, nameOf } from './verdicts';
import { WRITTEN_MESHES } from './written-meshes';

/** What was seen of meshes, and what the model says of it. */
interface Seen {
  calls: number;
  agreed: number;
  differences: number;
  /** The model's decided connections of clients that ran, and how many of them some call has shown. */
  decided: number;
  shown: number;
  /** Why no call has shown the others. */
  readonly unshown: Counts;
  /** What agreed, by client TLS, server mode and outcome. */
  readonly as: Counts;
  /** Calls that the model leaves undecided, by reason. */
  readonly undecided: Counts;
  /** Calls that weren't made, or aren't compared, by reason. */
  readonly apart: Counts;
}

/** What a run found. */
export interface DataPlaneFacts extends Seen {
  readonly istio: string;
  readonly envoy: string;
  readonly seed: number;
  meshes: number;
  /** How many of them are written by hand; their connections are shown for certain. */
  readonly written?: number;
  /** Meshes that differed, and not when they ran again. */
  unsteady: number;
  readonly meshesWithoutReport: Counts;
  /** Workloads whose proxies weren't run, by reason. */
  readonly notRun: Counts;
}

/** What the generator makes of which the model only knows whom it may touch is left to the part `connections`. */
export const RUNNABLE_PARTS: readonly string[] = ['meshConfig', 'namespaces', 'workloads', 'services', 'policies', 'destinationRules', 'sidecars', 'virtualServices', 'serviceEntries', 'workloadEntries', 'proxyConfigs'];

/** How many meshes of a hundred may be without a report, or differ only once. */
const MOST_LOST = 3;

const PROGRESS = 50;

export const runnableMeshes = (seed: number, count: number): JudgedMesh[] => sampleMeshes(seed, count, RUNNABLE_PARTS);

/** @param count how many random meshes run beside the written ones */
export async function dataPlane({ seed, count = 100, print }: PartOptions): Promise<PartResult<DataPlaneFacts>> {
  const facts: DataPlaneFacts = {
    istio: istioVersion(), envoy: ENVOY_VERSION, seed, meshes: 0, written: WRITTEN_MESHES.length, unsteady: 0,
    ...nothingSeen(), meshesWithoutReport: {}, notRun: {},
  };
  const differing: Ran[] = [];
  let unseen = 0;
  for await (const ran of ranMeshes([...WRITTEN_MESHES, ...runnableMeshes(seed, count)])) {
    const { mesh, report } = ran;
    if (report.error) {
      unseen += Number(mesh.shows !== undefined);
      add(facts.meshesWithoutReport, report.error.split('\n')[0]);
      print(`mesh ${mesh.id} couldn't be run: ${report.error}`);
      continue;
    }
    facts.meshes += 1;
    for (const { why } of report.notRun) add(facts.notRun, why.split(':')[0]);
    if (compareRun(modelIn(), ran, facts).length > 0) differing.push(ran);
    if (facts.meshes % PROGRESS === 0) print(`${facts.meshes} meshes, ${facts.agreed} calls agreed, ${facts.differences} differ so far`);
  }
  const without = Object.values(facts.meshesWithoutReport).reduce((sum, number) => sum + number, 0);
  const failed = unseen + await differingAgain(differing, facts, print);
  const lost = without + facts.unsteady;
  return { passed: facts.meshes - differing.length, failed: failed + (100 * lost > MOST_LOST * count ? lost : 0), facts };
}

/**
 * How many of the meshes that differ do so when they run again. The others were a matter of time on a busy machine, and count
 * neither as agreement nor as a difference.
 */
async function differingAgain(differing: readonly Ran[], facts: DataPlaneFacts, print: Print): Promise<number> {
  let failed = 0;
  for await (const ran of ranMeshes(differing.map(({ mesh }) => mesh))) {
    const differences = ran.report.error ? [ran.report.error] : compareRun(modelIn(), ran, nothingSeen());
    for (const text of differences) print(`mesh ${ran.mesh.id} ${text}`);
    failed += Number(differences.length > 0);
    if (differences.length === 0) facts.unsteady += 1;
  }
  if (failed === 0) facts.differences = 0;
  return failed;
}

export function nothingSeen(): Seen {
  return { calls: 0, agreed: 0, differences: 0, decided: 0, shown: 0, unshown: {}, as: {}, undecided: {}, apart: {} };
}

/** Notes what was seen of one mesh, and gives what the model says otherwise. */
export function compareRun(model: Model, { mesh, report }: Ran, seen: Seen): string[] {
  const known = new Expectations(modelled(model, admittedOf(mesh, report)), mesh.replicas);
  const notRun = new Set(report.notRun.map(nameOf));
  for (const [why, calls] of Object.entries(report.skipped)) add(seen.apart, why, calls);
  const differences = new Set<string>();
  const shown = new Set<Connection>();
  for (const call of report.calls) {
    seen.calls += 1;
    const verdict = judgeCall(call, known, notRun);
    if ('agreed' in verdict) {
      const { clientTls, serverMode, outcome } = verdict.agreed;
      seen.agreed += 1;
      shown.add(verdict.agreed);
      add(seen.as, `${clientTls} ${serverMode} ${outcome}`);
    } else if ('undecided' in verdict) {
      add(seen.undecided, verdict.undecided);
    } else if ('apart' in verdict) {
      add(seen.apart, verdict.apart);
    } else {
      seen.differences += 1;
      differences.add(`${nameOf(call.client)} calls ${call.requested.host}:${call.requested.port}\n  seen: ${verdict.seen}\n  ours: ${verdict.ours}`);
    }
  }
  const lines = new Set([...shown].map(lineOf));
  for (const line of mesh.shows ?? []) if (!lines.has(line)) differences.add(`${line}\n  seen: no call shows it`);
  const made = new Set(report.calls.map(keyOf));
  for (const connection of known.decided) {
    const { client, server } = connection;
    if (notRun.has(nameOf(client))) continue;
    seen.decided += 1;
    if (shown.has(connection)) {
      seen.shown += 1;
    } else if (!made.has(keyOf(connection))) {
      add(seen.unshown, 'the call wasn\'t made');
    } else if (server && (notRun.has(nameOf(server)) || server.kind === 'WorkloadEntry')) {
      add(seen.unshown, 'the server\'s proxy wasn\'t run');
    } else {
      add(seen.unshown, 'no call got there, by its request or by chance');
    }
  }
  return [...differences];
}
