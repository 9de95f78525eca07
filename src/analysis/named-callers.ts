import { Evidence } from './evidence';
import { Alternative } from '../mesh/authorization/alternative';
import { AuthorizationPolicy } from '../mesh/authorization/authorization-policy';
import { Condition, isOfCertificate } from '../mesh/authorization/condition';
import { matchesNamespace, matchesPattern, ownTrustDomains, readServiceAccount } from '../mesh/authorization/principal';
import { Workload } from '../mesh/workloads/workload';

/** Finds the workloads that a policy names: by principal, service account or namespace. */
export class NamedCallers {
  private readonly known = new Map<Alternative, readonly Workload[]>();
  private readonly principals = new Map<Workload, readonly string[]>();

  constructor(private readonly evidence: Evidence) {}

  /** None where nobody is named: by `*` a policy means whoever has a name. */
  of(policy: AuthorizationPolicy, alternative: Alternative): readonly Workload[] {
    let found = this.known.get(alternative);
    if (!found) this.known.set(alternative, found = this.find(policy.object.namespace, alternative));
    return found;
  }

  private find(namespace: string, { conditions }: Alternative): readonly Workload[] {
    const naming = namingCondition(conditions);
    if (!naming) return [];
    const candidates = new Set(naming.values.flatMap((value) => this.candidates(naming, value, namespace)));
    const certified = conditions.filter(isOfCertificate);
    return [...candidates].filter((workload) => certified.every((condition) => this.fits(condition, workload, namespace)));
  }

  /** Found without a look at each workload, unless there is a pattern for namespaces. */
  private candidates({ attribute }: Condition, value: string, policyNamespace: string): readonly Workload[] {
    const { evidence } = this;
    if (attribute === 'source.serviceAccount') return evidence.workloadsIn(readServiceAccount(value, policyNamespace).namespace);
    const namespace = attribute === 'source.namespace' ? value : /\/ns\/([^/]+)\//.exec(value)?.[1] ?? '*';
    return namespace.includes('*') ? evidence.mesh.workloads : evidence.workloadsIn(namespace);
  }

  private fits({ attribute, negated, values }: Condition, workload: Workload, policyNamespace: string): boolean {
    const { namespace, serviceAccount } = workload;
    return negated !== values.some((value) => {
      switch (attribute) {
        case 'source.namespace': return matchesNamespace(namespace, value);
        case 'source.trustDomain': return this.trustDomainsOf(workload).some((name) => matchesPattern(name, value));
        case 'source.serviceAccount': {
          const account = readServiceAccount(value, policyNamespace);
          return account.namespace === namespace && account.serviceAccount === serviceAccount;
        }
        default: return this.principalsOf(workload).some((name) => matchesPattern(name, value));
      }
    });
  }

  /** All that policies may call a workload. */
  private principalsOf(workload: Workload): readonly string[] {
    let names = this.principals.get(workload);
    if (!names) {
      const { namespace, serviceAccount } = workload;
      names = this.trustDomainsOf(workload).map((trustDomain) => `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`);
      this.principals.set(workload, names);
    }
    return names;
  }

  private trustDomainsOf(workload: Workload): readonly string[] {
    return ownTrustDomains(this.evidence.planeOf(workload).config);
  }
}

/** The list by which an alternative names its callers. */
export function namingCondition(conditions: readonly Condition[]): Condition | undefined {
  return conditions.find((condition) => isOfCertificate(condition) && condition.attribute !== 'source.trustDomain'
    && !condition.negated && !condition.values.includes('*'));
}
