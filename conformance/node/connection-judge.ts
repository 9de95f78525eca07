// istiod's config generator and Istio's traffic simulator: a process is asked about one mesh at a time, and spends most
// of it waiting for istiod to see what it was given. So there are several.
import { RefereeProcess } from './referee-process';
import type { MeshVerdict } from '../connections/verdict';
import type { JudgedMesh } from '../manifest';

const PROCESSES = 8;

export class ConnectionJudge {
  private readonly processes = Array.from({ length: PROCESSES }, () => new RefereeProcess<MeshVerdict>('connections'));

  /** The verdict about a mesh, by the process with the least to do. */
  judge(mesh: JudgedMesh): Promise<MeshVerdict> {
    const idlest = this.processes.reduce((best, one) => (one.pending < best.pending ? one : best));
    return idlest.judge(JSON.stringify(mesh));
  }

  close(): void {
    for (const process of this.processes) process.close();
  }
}
