// istiod's config generator and Istio's traffic simulator: a process is asked about one mesh at a time, and spends most
// of it waiting for istiod to see what it was given. So there are several.
import { RefereeProcess } from './referee-process';
import type { MeshVerdict } from '../connections/verdict';
import type { JudgedMesh, Manifest } from '../manifest';

const PROCESSES = 8;

/** A mesh config unlike the defaults, which a running istiod may have read last. */
const LAST_CONFIG = JSON.stringify({ enableAutoMtls: false, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, rootNamespace: 'a', defaultServiceExportTo: ['.'] });

const isMeshConfig = ({ kind, metadata }: Manifest): boolean => kind === 'ConfigMap' && metadata.name === 'istio';

function withLastConfig(object: Manifest): Manifest {
  return isMeshConfig(object) ? { ...object, data: { mesh: LAST_CONFIG } } : object;
}

/** A mesh with the objects of its cluster that the manifests don't contain. */
function inCluster({ unseen = [], ...mesh }: JudgedMesh): JudgedMesh {
  const { objects, servers } = mesh;
  return { ...mesh, objects: [...objects, ...unseen], ...servers && { servers: [...servers, ...unseen] } };
}

export class ConnectionJudge {
  private readonly processes = Array.from({ length: PROCESSES }, () => new RefereeProcess<MeshVerdict>('connections'));

  /** The verdict about a mesh; where istiod can't read the mesh config, with that of one that could read another before. */
  async judge(mesh: JudgedMesh): Promise<MeshVerdict> {
    const whole = inCluster(mesh);
    const verdict = await this.ask(whole);
    if (verdict.meshConfigError === undefined) return verdict;
    const { objects, servers } = whole;
    const last = await this.ask({ ...whole, objects: objects.map(withLastConfig), ...servers && { servers: servers.map(withLastConfig) } });
    return last.error ? { ...verdict, error: last.error } : { ...verdict, last };
  }

  /** By the process with the least to do. */
  private ask(mesh: JudgedMesh): Promise<MeshVerdict> {
    const idlest = this.processes.reduce((best, one) => (one.pending < best.pending ? one : best));
    return idlest.judge(JSON.stringify(mesh));
  }

  close(): void {
    for (const process of this.processes) process.close();
  }
}
