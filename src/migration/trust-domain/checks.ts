import { isListed, isNaming, NamingAttribute, witnessesOf } from './principals';
import { namesIn, Trust } from './trust';
import { FieldPath, fieldText } from '../../findings/finding';
import { atomsOf, readAuthorizationPolicy } from '../../mesh/authorization/policy';
import { KIND } from '../../mesh/inventory/kinds';
import { idKey, MeshObject } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';
import { Endpoint } from '../../mesh/services/endpoint';
import { identityOf, Workload } from '../../mesh/workloads/workload';

/** What may exist at the same time: objects of either end of a stage, and the trust domains of certificates. */
export interface Moment {
  readonly meshes: readonly Mesh[];
  /** One istiod's mesh config at either end. */
  readonly trusts: readonly Trust[];
  readonly certificates: readonly string[];
}

/** A trust domain of certificates that some server's proxy rejects. */
export function refusedCertificates({ trusts, certificates }: Moment): readonly string[] {
  return certificates.filter((trustDomain) => !trusts.every((trust) => namesIn(trust).includes(trustDomain)));
}

/** A client that requires a name which its server may not have. */
export interface UnmetDemand {
  readonly host: string;
  readonly port: number;
  readonly server: string;
}

/**
 * Names that clients require and some certificate of a server doesn't have. If all states of a stage differ in names only and
 * its ends have none, no state in between does: each object in between has the names of one end.
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

/** Who has a certificate. */
type Server = Pick<Workload, 'namespace' | 'name' | 'serviceAccount'>;

function serverOf({ workload, machine }: Endpoint): Server | undefined {
  if (workload) return workload;
  if (!machine?.serviceAccount) return undefined;
  const { namespace, entry, address, serviceAccount } = machine;
  return { namespace, name: entry?.name ?? address, serviceAccount };
}

/** A policy's list that would match a caller that it didn't match, or the other way round. */
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

/** The policies' lists that name trust domains, by policy and field. */
function namingLists({ objects }: Mesh): ReadonlyMap<string, NamingList> {
  const lists = objects.of(KIND.AuthorizationPolicy).flatMap((policy) => atomsOf(readAuthorizationPolicy(policy))
    .flatMap(({ attribute, values, at: { field } }) => (isNaming(attribute) ? [{ policy, attribute, values, field }] : [])));
  return new Map(lists.map((list) => [`${idKey(list.policy)} ${fieldText(list.field)}`, list]));
}

/**
 * Policies' lists that don't match the same callers as at the beginning, whichever version of the list and of the mesh config a
 * server's proxy has. If there are none, no rule of a policy matches other callers than before.
 */
export function changedLists(start: Mesh, startTrust: Trust, { meshes, trusts, certificates }: Moment): readonly ChangedList[] {
  const versions = meshes.map(namingLists);
  return [...namingLists(start)].flatMap(([key, { policy, attribute, values, field }]) => {
    const later = versions.map((lists) => lists.get(key)!.values); // No stage adds a list, or takes one away.
    const paths = [...new Set([...values, ...later.flat()].flatMap(witnessesOf))];
    const isAlike = paths.every((path) => {
      const meant = isListed(attribute, values, startTrust, startTrust.trustDomain, path);
      return later.every((list) => (
        trusts.every((trust) => certificates.every((name) => isListed(attribute, list, trust, name, path) === meant))));
    });
    return isAlike ? [] : [{ policy, field }];
  });
}
