import { isListed, isNaming, NamingAttribute, witnessesOf } from './principals';
import { namesIn, Trust } from './trust';
import { FieldPath, fieldText } from '../../findings/finding';
import { atomsOf, readAuthorizationPolicy } from '../../mesh/authorization/policy';
import { KIND } from '../../mesh/inventory/kinds';
import { idKey, MeshObject } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { Endpoint } from '../../mesh/services/endpoint';
import { identityOf, Workload } from '../../mesh/workloads/workload';

/** The states that may exist at the same time during a stage: objects of either end, and the trust domains of certificates. */
export interface Moment {
  readonly meshes: readonly Mesh[];
  /** An istiod's mesh config at either end. */
  readonly trusts: readonly Trust[];
  readonly certificates: readonly string[];
}

/** The trust domains of certificates that some server's proxy rejects. */
export function refusedCertificates({ trusts, certificates }: Moment): readonly string[] {
  return certificates.filter((trustDomain) => !trusts.every((trust) => namesIn(trust).includes(trustDomain)));
}

/** A client that requires a name which its server's certificate may lack. */
export interface UnmetDemand {
  readonly host: string;
  readonly port: number;
  readonly server: string;
}

/**
 * Names that clients require and some server's certificate lacks. If the states of a stage differ only in
 * names, and there is none at its ends, there is none in between: each object has the names of one end.
 */
export function unmetDemands({ meshes, certificates }: Moment): readonly UnmetDemand[] {
  const found = new Map<string, UnmetDemand>();
  for (const { decisions } of meshes) {
    for (const { call: { host, port }, paths } of decisions.all()) {
      for (const { sent: { demands: demand }, received: { endpoint }, outcome } of paths.flatMap(({ hops }) => hops)) {
        const server = endpoint && serverOf(endpoint);
        if (outcome !== 'mtls' || !demand || demand.names.size === 0 || !server) continue;
        if (certificates.every((trustDomain) => demand.names.has(identityOf(server, trustDomain)))) continue;
        const { namespace, name, serviceAccount } = server;
        found.set(`${host}:${port} ${namespace}/${serviceAccount}`, { host, port, server: `${namespace}/${name}` });
      }
    }
  }
  return [...found.values()];
}

/** The owner of a certificate. */
type Server = Pick<Workload, 'namespace' | 'name' | 'serviceAccount'>;

function serverOf({ workload, machine }: Endpoint): Server | undefined {
  if (workload) return workload;
  if (!machine?.serviceAccount) return undefined;
  const { namespace, entry, address, serviceAccount } = machine;
  return { namespace, name: entry?.name ?? address, serviceAccount };
}

/** A list in a policy that would newly match a caller, or no longer match one. */
export interface ChangedList {
  readonly policy: MeshObject;
  readonly field: FieldPath;
}

interface NamingList {
  readonly policy: MeshObject;
  readonly attribute: NamingAttribute;
  readonly values: readonly string[];
  readonly field: FieldPath;
}

/** The lists with trust domains in policies, by policy and field. */
function namingLists({ objects }: Mesh): ReadonlyMap<string, NamingList> {
  const lists = objects.of(KIND.AuthorizationPolicy).flatMap((policy) => atomsOf(readAuthorizationPolicy(policy))
    .flatMap(({ attribute, values, at: { field } }) => (isNaming(attribute) ? [{ policy, attribute, values, field }] : [])));
  return new Map(lists.map((list) => [`${idKey(list.policy)} ${fieldText(list.field)}`, list]));
}

/**
 * Lists in policies that don't match the same callers as at the start, in any combination of versions of the
 * list and mesh config in a server's proxy. Without any, no policy matches other callers than before.
 */
export function changedLists(start: Mesh, startTrust: Trust, { meshes, trusts, certificates }: Moment): readonly ChangedList[] {
  const versions = meshes.map(namingLists);
  return [...namingLists(start)].flatMap(([key, { policy, attribute, values, field }]) => {
    const later = versions.map((lists) => lists.get(key)!.values); // No stage adds or removes a list.
    const paths = [...new Set([...values, ...later.flat()].flatMap(witnessesOf))];
    const isAlike = paths.every((path) => {
      const meant = isListed(attribute, values, startTrust, startTrust.trustDomain, path);
      return later.every((list) => (
        trusts.every((trust) => certificates.every((name) => isListed(attribute, list, trust, name, path) === meant))));
    });
    return isAlike ? [] : [{ policy, field }];
  });
}
