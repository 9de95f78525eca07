import { Evidence } from './evidence';
import { FieldPath } from '../findings/finding';
import { ANY_OWN, readPrincipal, readServiceAccount, trustDomainsOf } from '../mesh/authorization/identity';
import { atomsOf, AuthorizationPolicy, Atom, isOfCertificate } from '../mesh/authorization/policy';
import { compareTexts } from '../mesh/inventory/object';

/** A client name that a policy matches: one entry of `principals`, `serviceAccounts` and so on. */
interface IdentityName {
  readonly policy: AuthorizationPolicy;
  readonly condition: Atom;
  readonly value: string;
  readonly field: FieldPath;
}

/** Every such name, by policy and field. */
export function identityNames(evidence: Evidence): readonly IdentityName[] {
  return evidence.authorizationPolicies.flatMap((policy) => atomsOf(policy).filter(isOfCertificate).flatMap((condition) =>
    condition.values.map((value, index) => ({ policy, condition, value, field: [...condition.at.field, index] }))));
}

/** A service account, as Kubernetes names it. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The service accounts of a mesh: those of workloads, and those in the manifests. */
export class ServiceAccounts {
  private readonly used = new Map<string, Set<string>>();
  private readonly sorted = new Map<string, readonly string[]>();
  private readonly meant = new Map<string, string | undefined>();
  private readonly made: ReadonlySet<string>;
  private readonly trustDomains: ReadonlySet<string>;

  constructor(private readonly evidence: Evidence) {
    const { workloads, registry } = evidence.mesh;
    for (const { namespace, serviceAccount } of [...workloads, ...registry.machines]) {
      this.used.set(namespace, (this.used.get(namespace) ?? new Set()).add(serviceAccount));
    }
    this.made = new Set(evidence.objects('ServiceAccount').map(({ namespace, name }) => `${namespace}/${name}`));
    this.trustDomains = new Set([...[...evidence.planes.keys()].flatMap(({ config }) => trustDomainsOf(config)), ANY_OWN, '*']);
  }

  /** The service account of this mesh that a value names in full; undefined if it names none. */
  namedBy({ attribute }: Atom, value: string, namespace: string): ServiceAccountName | undefined {
    if (attribute === 'source.serviceAccount') return readServiceAccount(value, namespace);
    const principal = attribute === 'source.principal' ? readPrincipal(value) : undefined;
    if (!principal || !this.trustDomains.has(principal.trustDomain)) return undefined;
    return `${principal.namespace}${principal.serviceAccount}`.includes('*') ? undefined : principal;
  }

  /** Every namespace has an account `default`. If the manifests have none of a namespace's workloads, its accounts are unknown. */
  mayExist({ namespace, serviceAccount }: ServiceAccountName): boolean {
    return serviceAccount === 'default' || !this.evidence.mesh.coverage.holdsWorkloadsOf(namespace)
      || this.used.get(namespace)!.has(serviceAccount) || this.made.has(`${namespace}/${serviceAccount}`);
  }

  /** The accounts that workloads of a namespace use. */
  usedIn(namespace: string): readonly string[] {
    let names = this.sorted.get(namespace);
    if (!names) this.sorted.set(namespace, names = [...this.used.get(namespace)!].filter(Boolean).sort(compareTexts));
    return names;
  }

  /** The account that a misspelled name most likely means, among those that workloads use. */
  meantBy({ namespace, serviceAccount }: ServiceAccountName): string | undefined {
    const key = `${namespace}/${serviceAccount}`;
    if (!this.meant.has(key)) this.meant.set(key, this.evidence.suggestions.for(serviceAccount, this.usedIn(namespace)));
    return this.meant.get(key);
  }
}
