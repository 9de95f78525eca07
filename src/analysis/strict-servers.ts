import { Evidence } from './evidence';
import { ServerPort } from '../mesh/server/server-port';
import { portOf, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** A workload's port that takes mutual TLS only. */
export interface StrictServer {
  readonly workload: Workload;
  readonly number: number;
  readonly server: ServerPort;
}

/** The workloads behind a Service's port that take mutual TLS only. */
export function strictServersBehind(evidence: Evidence, service: Service, number: number): readonly StrictServer[] {
  const port = portOf(service, number);
  if (!port) return [];
  return evidence.mesh.registry.endpointsOf(service, port).flatMap(({ workload, port: target }) => {
    const server = workload && evidence.serverPort(workload, target);
    return server?.mode === 'STRICT' ? [{ workload: workload!, number: target, server }] : [];
  });
}
