import { compareRules, DestinationRule } from './destination-rule';
import { RuleIndex } from './destination-rules';
import { mappings } from '../../manifests/mapping';
import { MeshObject } from '../inventory/object';
import { hostsOf, KnownServices, referredBy } from '../routes/gateway-api';
import { Service } from '../services/service';

/** The kinds of the Gateway API of which istiod makes DestinationRules. */
export const BACKEND_POLICY_KINDS: readonly string[] = ['BackendTLSPolicy', 'XBackendTrafficPolicy'];

/** The annotation by which such a policy says that it isn't for Istio. */
const IGNORED = 'istio.io/ignore-policy-attachment';

/**
 * The policies of the Gateway API for services. Each is a DestinationRule of its own namespace, and like one it is hidden by
 * rules of the client's namespace and hides those of the root namespace. What such a rule says isn't modelled.
 */
export class BackendPolicies {
  private readonly index: RuleIndex | undefined;
  private readonly objects: ReadonlySet<MeshObject>;

  /**
   * @param rules in the order in which istiod prefers them
   * @param indexed makes an index of rules for the same istiod
   */
  constructor(
    policies: readonly MeshObject[], rules: readonly DestinationRule[], known: KnownServices,
    indexed: (all: readonly DestinationRule[]) => RuleIndex,
  ) {
    const counting = policies.filter(({ annotations }) => annotations[IGNORED]?.toLowerCase() !== 'true');
    this.objects = new Set(counting);
    this.index = counting.length === 0 ? undefined : indexed(inOrder(rules, counting.flatMap((object) => rulesOf(object, known))));
  }

  /** The policy that takes part in the rule for a service, as clients of a namespace see it. */
  for(clientNamespace: string, service: Service): MeshObject | undefined {
    return this.index?.find(clientNamespace, service).rules.flatMap(({ from }) => from).find((object) => this.objects.has(object));
  }

  /** The namespaces whose clients may see a host as no others do, for the sake of policies and rules. */
  namespacesConcernedBy(host: string): readonly ReadonlySet<string>[] {
    return this.index?.namespacesConcernedBy(host) ?? [];
  }
}

/** istiod gives the rules that it makes no time, which is before any; but rules for selected workloads still come first. */
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
