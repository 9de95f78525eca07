// Meshes that run: processes that are given one after the other, and say what was seen of it.
import type { JudgedMesh, Manifest } from '../manifest';
import type { RunReport, SeenCall } from './report';
import type { Scenario } from './scenarios';
import type { ObjectName } from '../../src/mesh/inventory/object';
import { envoyBinary } from '../node/envoy';
import { inOrder } from '../node/in-order';
import { RefereeProcess } from '../node/referee-process';

/** A mesh that is run. */
export interface RunMesh extends JudgedMesh {
  /** Whether workloads run a second pod where they run several; else each runs one. */
  readonly replicas?: boolean;
  /** What calls have to show: `<client> <host>:<port> <client TLS> <server mode> <outcome>`. */
  readonly shows?: readonly string[];
}

/** Each runs one mesh at a time. */
const PROCESSES = 2;

/** A mesh with calls of which all is to be told, instead of all calls. */
type Probed = RunMesh & Partial<Pick<Scenario, 'probes' | 'certificates' | 'ends' | 'closed'>> & {
  /** Whether the records of each probe's TLS are told. */
  readonly records?: boolean;
  /** Whether the sidecars' counters are told for each probe. */
  readonly counters?: boolean;
  /** The greatest version of TLS that servers take, in Envoy's words. */
  readonly serverTls?: string;
  /** A change that reaches the proxies while calls are made, instead of all calls. */
  readonly convergence?: Convergence;
  /** Ports of services to which sidecars that get other states keep their connections; to others they make one for each request. */
  readonly pooled?: readonly number[];
  /** What workloads get of their CA in each of its states, by namespace and name; proxies start with that of the first. */
  readonly issued?: readonly Readonly<Record<string, Issued>>[];
};

/** A change that reaches the proxies of a mesh one after the other. */
export interface Convergence {
  /** The objects of each state that proxies may be configured by, after those of the mesh, which are the state 0. */
  readonly states: readonly (readonly Manifest[])[];
  readonly calls: readonly Calling[];
  /** Connections that stay open from before the first step on. */
  readonly kept?: readonly Calling[];
  /** Which proxies get another state, in order. */
  readonly steps: readonly (readonly Turn[])[];
}

/** A call, in one way in which applications talk. */
export type Calling = Pick<SeenCall, 'client' | 'requested' | 'kind'> & {
  /** Whether it isn't to arrive. */
  readonly refused: boolean;
};

/** A workload's proxy that gets a state, or what its CA has issued. */
export type Turn = ObjectName & ({ readonly state: number } | { readonly renewal: Renewal });

/** Of which state of the CA a proxy gets its certificate and its roots; undefined: it keeps what it has. */
export interface Renewal {
  readonly certificate?: number;
  readonly roots?: number;
}

/** What a workload gets of its CA, as PEM. */
export interface Issued {
  /** Its certificate, followed by what it sends with that. */
  readonly chain: string;
  readonly key: string;
  readonly roots: string;
}

export class MeshRunner {
  private readonly processes = Array.from({ length: PROCESSES }, () => new RefereeProcess<RunReport>('dataplane', ['-envoy', envoyBinary()]));

  /** What is seen of a mesh that runs, by the process with the least to do. */
  run(mesh: Probed): Promise<RunReport> {
    const idlest = this.processes.reduce((best, one) => (one.pending < best.pending ? one : best));
    return idlest.judge(JSON.stringify(mesh));
  }

  close(): void {
    for (const process of this.processes) process.close();
  }
}

/** A mesh with what was seen of it. */
export interface Ran {
  readonly mesh: RunMesh;
  readonly report: RunReport;
}

/** A mesh whose endpoints istiod hasn't seen in time is run once more. */
async function twice(runner: MeshRunner, mesh: RunMesh): Promise<RunReport> {
  const report = await runner.run(mesh);
  return report.error ? runner.run(mesh) : report;
}

/** Runs meshes, and gives each with its report, in order. */
export async function* ranMeshes(meshes: readonly RunMesh[]): AsyncGenerator<Ran> {
  const runner = new MeshRunner();
  try {
    for await (const [mesh, report] of inOrder(meshes, (one) => twice(runner, one), 2 * PROCESSES)) yield { mesh, report };
  } finally {
    runner.close();
  }
}
