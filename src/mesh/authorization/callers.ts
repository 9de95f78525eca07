import { truthOf } from './facts';
import { readServiceAccount, TrustDomains } from './identity';
import { Clause } from './normal-form';
import { Atom, Conjunction, isOfCertificate } from './policy';
import { Workload } from '../workloads/workload';

/** Workloads that a source of a rule names. */
export interface NamedSource {
  /** The list that names them. */
  readonly naming: Atom;
  readonly callers: readonly Workload[];
}

/** Where the callers of a mesh are looked up. */
export interface CallerIndex {
  readonly all: readonly Workload[];
  readonly inNamespace: (namespace: string) => readonly Workload[];
}

/** Finds the workloads that rules name: by principal, service account or namespace. */
export class NamedCallers {
  private readonly known = new Map<Clause, readonly NamedSource[]>();

  constructor(private readonly index: CallerIndex) {}

  /**
   * By source; nothing for one that names nobody: with `*`, a rule means whoever has a name.
   *
   * @param clause of a policy that one istiod reads
   * @param trustDomains of that istiod
   */
  of(clause: Clause, trustDomains: TrustDomains): readonly NamedSource[] {
    let found = this.known.get(clause);
    if (!found) this.known.set(clause, found = this.find(clause, trustDomains));
    return found;
  }

  private find({ sources, conditions, namespace }: Clause, trustDomains: TrustDomains): readonly NamedSource[] {
    return sources.flatMap((source) => {
      const certified = [...source, ...conditions].filter(isOfCertificate);
      const naming = certified.find(isNaming);
      if (!naming) return [];
      const candidates = new Set(naming.values.flatMap((value) => this.candidates(naming, value, namespace)));
      return [{ naming, callers: [...candidates].filter((one) => fitsAll(certified, one, namespace, trustDomains)) }];
    });
  }

  /** Found without looking at each workload, unless a pattern for namespaces requires it. */
  private candidates({ attribute }: Atom, value: string, policyNamespace: string): readonly Workload[] {
    const { all, inNamespace } = this.index;
    if (attribute === 'source.serviceAccount') return inNamespace(readServiceAccount(value, policyNamespace).namespace);
    const namespace = attribute === 'source.namespace' ? value : /\/ns\/([^/]+)\//.exec(value)?.[1] ?? '*';
    return namespace.includes('*') ? all : inNamespace(namespace);
  }
}

/** Whether a list names callers, instead of asking for any name, or for none of some. */
function isNaming({ attribute, negated, values }: Atom): boolean {
  return attribute !== 'source.trustDomain' && !negated && !values.includes('*');
}

function fitsAll(atoms: Conjunction, { identity }: Workload, namespace: string, trustDomains: TrustDomains): boolean {
  return atoms.every((atom) => truthOf(atom, namespace, { protocol: 'HTTP', trustDomains, identity }) === true);
}
