import { PeerPolicies } from './peer-policies';
import { PeerPolicy } from './peer-policy';
import { Labels } from '../names/selector';

/** What a server's proxy enforces on a port. */
export type ServerMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE' | 'NO_PROXY' | 'UNKNOWN';

/** Where a mode comes from, the widest first; `default`: no policy says anything. */
export type PolicyLevel = 'default' | 'mesh' | 'namespace' | 'workload' | 'port';

/** The mode that policies ask for on one port, and which of them decided. */
export interface EnforcedMode {
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  readonly level: PolicyLevel;
  readonly policy?: PeerPolicy;
}

/** What holds where no policy says anything. */
export const BY_DEFAULT: EnforcedMode = Object.freeze({ mode: 'PERMISSIVE', level: 'default' });

/**
 * The mode on a port of a workload: the mesh's policy, unless the namespace's says otherwise, unless the
 * workload's does, unless that one makes an exception for the port.
 */
export function enforcedMode(policies: PeerPolicies, server: { namespace: string; labels: Labels }, port: number): EnforcedMode {
  const mesh = narrowed(BY_DEFAULT, 'mesh', policies.mesh.winner);
  const namespace = narrowed(mesh, 'namespace', policies.ofNamespace(server.namespace).winner);
  const policy = policies.ofWorkload(server).winner;
  const workload = narrowed(namespace, 'workload', policy);
  const exception = policy?.ports.get(port);
  return exception === undefined || exception === 'UNSET' ? workload : { mode: exception, level: 'port', policy };
}

function narrowed(wider: EnforcedMode, level: PolicyLevel, policy: PeerPolicy | undefined): EnforcedMode {
  return policy === undefined || policy.mode === 'UNSET' ? wider : { mode: policy.mode, level, policy };
}
