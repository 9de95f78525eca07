import { compareRules, DestinationRule } from './destination-rule';
import { RuleIndex } from './destination-rules';
import { mappings } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';
import { hostsOf, KnownServices, referredBy } from '../routes/gateway-api';
import { Service } from '../services/service';

/** The Gateway API kinds that istiod converts to DestinationRules. */
export const BACKEND_POLICY_KINDS = ['BackendTLSPolicy', 'XBackendTrafficPolicy'] as const;

/** The annotation that excludes such a policy from Istio. */
const IGNORED = 'istio.io/ignore-policy-attachment';

/**
 * The Gateway API's policies for services. Each acts as a DestinationRule in its namespace: rules in the
 * client's namespace hide it, and it hides those in the root namespace. Its settings aren't modelled.
 */
export class BackendPolicies {
  private readonly index: RuleIndex | undefined;
  private readonly objects: ReadonlySet<MeshObject>;

  /**
   * @param rules in istiod's order of preference
   * @param indexed builds an index of rules for the same istiod
   */
  constructor(
    policies: readonly MeshObject[], rules: readonly DestinationRule[], known: KnownServices,
    indexed: (all: readonly DestinationRule[]) => RuleIndex,
  ) {
    const counting = policies.filter(({ annotations }) => annotations[IGNORED]?.toLowerCase() !== 'true');
    this.objects = new Set(counting);
    this.index = counting.length === 0 ? undefined : indexed(inOrder(rules, counting.flatMap((object) => rulesOf(object, known))));
  }

  /** The policy that takes part in the rule for a service, as clients in a namespace see it. */
  for(clientNamespace: string, service: Service): MeshObject | undefined {
    return this.index?.find(clientNamespace, service).rules.flatMap(({ from }) => from).find((object) => this.objects.has(object));
  }

  /** The namespaces whose clients may see a host differently because of policies and rules. */
  namespacesConcernedBy(host: string): readonly ReadonlySet<string>[] {
    return this.index?.namespacesConcernedBy(host) ?? [];
  }
}

/** Rules that istiod generates have no creation time, so they sort first, but after rules with a workloadSelector. */
function inOrder(rules: readonly DestinationRule[], made: readonly DestinationRule[]): readonly DestinationRule[] {
  const isSelecting = ({ workloadSelector }: DestinationRule): boolean => workloadSelector !== undefined;
  return [...rules.filter(isSelecting), ...[...made].sort(compareRules), ...rules.filter((rule) => !isSelecting(rule))];
}

function rulesOf(object: MeshObject, known: KnownServices): readonly DestinationRule[] {
  const hosts = mappings(object.spec.targetRefs).flatMap((target) => {
    const referred = referredBy({ group: '', ...target }, object); // Its group can't be left out, and counts as the core one if it is.
    return referred ? hostsOf(referred, known) : [];
  });
  return [...new Set(hosts)].map((host) => ({ object, host, exportTo: new Set<string>(), subsets: [] }));
}
