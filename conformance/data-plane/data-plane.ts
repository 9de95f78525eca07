// Random meshes, run for real: what was seen on the wire, at servers and by clients, and what the model says of it.
import { modelIn } from '../connections/comparing';
import { add } from '../connections/tally';
import type { Counts } from '../connections/verdicts';
import { sampleMeshes } from '../generators/mesh';
import type { JudgedMesh } from '../manifest';
import { ENVOY_VERSION, envoyBinary } from '../node/envoy';
import { inOrder } from '../node/in-order';
import { istioVersion } from '../node/module-version';
import { RefereeProcess } from '../node/referee-process';
import type { PartOptions, PartResult } from '../part';
import type { RunReport } from './report';
import { expectations, judgeCall, nameOf } from './verdicts';

/** What a run found. */
export interface DataPlaneFacts {
  readonly istio: string;
  readonly envoy: string;
  readonly seed: number;
  meshes: number;
  calls: number;
  agreed: number;
  differences: number;
  /** What agreed, by client TLS, server mode and outcome. */
  readonly as: Counts;
  /** Calls that the model leaves undecided, by reason. */
  readonly undecided: Counts;
  /** Calls that aren't compared, by reason. */
  readonly apart: Counts;
  readonly meshesWithoutReport: Counts;
}

/** What the generator makes of which the model only knows whom it may touch is left to the part `connections`. */
const PARTS = ['meshConfig', 'namespaces', 'workloads', 'services', 'policies', 'destinationRules', 'sidecars', 'virtualServices', 'serviceEntries', 'workloadEntries', 'proxyConfigs'];

/** Each runs one mesh at a time. */
const PROCESSES = 2;

export class MeshRunner {
  private readonly processes = Array.from({ length: PROCESSES }, () => new RefereeProcess<RunReport>('dataplane', ['-envoy', envoyBinary()]));

  /** What is seen of a mesh that runs, by the process with the least to do. */
  run(mesh: JudgedMesh): Promise<RunReport> {
    const idlest = this.processes.reduce((best, one) => (one.pending < best.pending ? one : best));
    return idlest.judge(JSON.stringify(mesh));
  }

  close(): void {
    for (const process of this.processes) process.close();
  }
}

/** @param count how many meshes */
export async function dataPlane({ seed, count = 100, print }: PartOptions): Promise<PartResult<DataPlaneFacts>> {
  const runner = new MeshRunner();
  const facts: DataPlaneFacts = {
    istio: istioVersion(), envoy: ENVOY_VERSION, seed, meshes: 0, calls: 0, agreed: 0, differences: 0, as: {}, undecided: {}, apart: {}, meshesWithoutReport: {},
  };
  let failed = 0;
  try {
    for await (const [mesh, report] of inOrder(sampleMeshes(seed, count, PARTS), (one) => runner.run(one), 2 * PROCESSES)) {
      if (report.error) {
        add(facts.meshesWithoutReport, report.error.split('\n')[0]);
        print(`mesh ${mesh.id} couldn't be run: ${report.error}`);
        continue;
      }
      const differences = compareReport(mesh, report, facts);
      for (const text of differences) print(`mesh ${mesh.id} ${text}`);
      failed += Number(differences.length > 0);
    }
  } finally {
    runner.close();
  }
  return { passed: facts.meshes - failed, failed, facts };
}

/** Notes what was seen of one mesh, and gives what the model says otherwise. */
export function compareReport(mesh: JudgedMesh, report: RunReport, facts: DataPlaneFacts): string[] {
  facts.meshes += 1;
  const known = expectations(modelIn(), mesh, report);
  const notRun = new Set(report.notRun.map(nameOf));
  for (const { why } of report.notRun) add(facts.apart, `clients: ${why.split(':')[0]}`);
  for (const [why, calls] of Object.entries(report.skipped)) add(facts.apart, why, calls);
  const differences = new Set<string>();
  for (const call of report.calls) {
    facts.calls += 1;
    const verdict = judgeCall(call, known, notRun);
    if ('agreed' in verdict) {
      facts.agreed += 1;
      add(facts.as, verdict.agreed);
    } else if ('undecided' in verdict) {
      add(facts.undecided, verdict.undecided);
    } else if ('apart' in verdict) {
      add(facts.apart, verdict.apart);
    } else {
      facts.differences += 1;
      differences.add(`${nameOf(call.client)} calls ${call.requested.host}:${call.requested.port}\n  seen: ${verdict.differs.replace(' | ', '\n  ours: ')}`);
    }
  }
  return [...differences];
}
