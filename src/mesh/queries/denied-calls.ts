import { ruleProtocolsOf } from '../authorization/normal-form';
import { AuthorizationPolicy } from '../authorization/policy';
import { verdictOf } from '../authorization/verdict';
import { MeshObject } from '../inventory/object';
import { Mesh } from '../mesh';
import { selects } from '../names/labels';
import { Workload } from '../workloads/workload';

/** A workload, and a port of another that it may call. */
interface PortCall {
  readonly client: Workload;
  readonly server: Workload;
  /** The server's own port. */
  readonly port: number;
}

/**
 * The AuthorizationPolicies that deny whatever a workload requests from a port; none: some requests pass, or it isn't known.
 *
 * @param isEnforced whether a dry run counts as if it were enforced
 */
export function denyingPolicies(
  { planes, dataPlanes }: Mesh, { client, server, port }: PortCall, isEnforced: (policy: MeshObject) => boolean = () => false,
): readonly MeshObject[] {
  if (server.proxy.enforces('AuthorizationPolicy') !== true) return [];
  const { authorization } = planes.of(server.proxy.revision);
  const tried = authorization.all.filter((policy) => policy.dryRun && isEnforced(policy.object) && isFor(policy, server));
  const identity = client.proxy.encrypts === false ? '' : client.identity;
  const protocols = ruleProtocolsOf(dataPlanes.accept(server, port).protocol);
  const policies = [...authorization.of(server), ...tried];
  const verdict = verdictOf(policies, { trustDomains: authorization.trustDomains, port, identity }, protocols);
  return verdict.passes === 'never' ? [...new Set(verdict.by.map(({ object }) => object))] : [];
}

function isFor({ object, selector, targeted }: AuthorizationPolicy, { namespace, labels }: Workload): boolean {
  return !targeted && object.namespace === namespace && selects(selector ?? {}, labels);
}
