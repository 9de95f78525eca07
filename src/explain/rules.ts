import { TracedObject, tracedObject } from '../mesh/calls/traced-connection';
import { KIND } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Hop } from '../mesh/model/hop';
import { SidecarSender } from '../mesh/model/sender';
import { isWithin } from '../mesh/names/hosts';
import { DestinationRule, readDestinationRule } from '../mesh/policies/destination-rule';
import { FoundRules, LOOKUP_NAMESPACES, LookupNamespace } from '../mesh/policies/destination-rules';
import { Service } from '../mesh/services/service';

/** A DestinationRule whose host covers the destination, and why it applies to the call or doesn't. */
export interface ConsideredRule {
  /** The rule. */
  readonly object: TracedObject;
  /** Its fully qualified host. */
  readonly host: string;
  /** Whether it applies, or why not: docs/explain.md lists the words. */
  readonly verdict: RuleVerdict;
}

/**
 * `applies`: its policy applies; `merged`: istiod merges it with the one that applies, and uses its subsets. The others don't
 * apply: `revision`: the client's istiod doesn't read it; `namespace`: it is in none of the client's, the service's and the root
 * namespace; `private`: it isn't exported to the client; `wider`: there is one for a more specific host; `later`: there is one in a
 * namespace that istiod searches first; `workloads`: it is for other workloads; `superseded`: another one for the same host applies.
 */
export type RuleVerdict = 'applies' | 'merged' | 'revision' | 'namespace' | 'private' | 'wider' | 'later' | 'workloads' | 'superseded';

/** The DestinationRules for the destination of a hop, those that apply first; none if no sidecar uses them. */
export function consideredRules(hop: Hop, mesh: Mesh): readonly ConsideredRule[] {
  const { sender: client, travel, target: { service } } = hop;
  if (!service || !client.plane || travel !== 'service') return [];
  const found = client.plane.rules.find(client.namespace, service);
  const all = mesh.objects.of(KIND.DestinationRule).map(readDestinationRule).filter(({ host }) => isWithin(service.host, host));
  const considered = all.map((rule) => ({
    object: tracedObject(rule.object), host: rule.host, verdict: verdictOn(rule, { hop, client, service, found }),
  }));
  return [...considered.filter(counts), ...considered.filter((one) => !counts(one))];
}

function counts({ verdict }: ConsideredRule): boolean {
  return verdict === 'applies' || verdict === 'merged';
}

interface Lookup {
  readonly hop: Hop;
  readonly client: SidecarSender;
  readonly service: Service;
  readonly found: FoundRules;
}

function verdictOn(rule: DestinationRule, { hop, client, service, found }: Lookup): RuleVerdict {
  const { object, host } = rule;
  const { plane, namespace } = client;
  if (!plane.reads(object)) return 'revision';
  if (hop.rule?.from.includes(object)) return hop.rule.policyAt.object === object ? 'applies' : 'merged';
  const place = placeOf(object, client, service);
  if (place === undefined) return 'namespace';
  const isFound = found.rules.some(({ from }) => from.includes(object));
  if (isFound) return rule.workloadSelector ? 'workloads' : 'superseded';
  if (found.rules.length > 0 && LOOKUP_NAMESPACES.indexOf(place) > LOOKUP_NAMESPACES.indexOf(found.place)) return 'later';
  const covering = plane.rules.covering(namespace, service).find((one) => one.place === place);
  const isThere = covering?.rules.some(({ from }) => from.includes(object)) ?? false;
  const isClosest = covering?.rules[0]?.host === host;
  return !isThere || isClosest ? 'private' : 'wider';
}

/** In which namespace istiod would find a rule if it were exported to the client; undefined if it looks in none of them. */
function placeOf({ namespace }: MeshObject, client: SidecarSender, service: Service): LookupNamespace | undefined {
  if (namespace === client.namespace) return 'client';
  if (namespace === service.namespace) return 'service';
  return namespace === client.plane.config.rootNamespace ? 'root' : undefined;
}
