import { LostCall, lostHop } from './callers';
import { isMapping, Mapping, mapping, mappings, text } from '../manifests/mapping';
import { REVISION } from '../mesh/config/revisions';
import { InventoryChange } from '../mesh/inventory/inventory';
import { KIND } from '../mesh/inventory/kinds';
import { compareTexts, idKey, MeshObject, YOUNGEST } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { decisiveHop } from '../mesh/model/path';
import { fullHost } from '../mesh/names/hosts';
import { sending, TemporaryTls } from '../mesh/plan/bridges';
import { MergedRule } from '../mesh/policies/destination-rules';
import { Service } from '../mesh/services/service';

/** A new rule. */
type NewRule = Pick<MeshObject, 'namespace' | 'spec'> & Partial<Pick<MeshObject, 'labels'>>;

/** The DestinationRules of a namespace with which clients send one TLS mode to a host. */
export class HostTlsRules {
  /** Whether a rule can apply to the destination of a call. */
  static isPossible({ side }: LostCall): boolean {
    return decisiveHop(side.path).target.service !== undefined;
  }

  /** A key of the host and of the rule that clients have for it, or none. */
  static keyOf({ side }: LostCall): string {
    const { target: { host }, rule } = decisiveHop(side.path);
    return `${host} ${rule ? `${rule.namespace} ${rule.host}` : ''}`;
  }

  /** The ports of the calls; undefined until the rules are narrowed to some of them. */
  private ports?: ReadonlySet<number>;

  /** @param calls with equal keys */
  constructor(readonly tls: TemporaryTls, readonly calls: readonly LostCall[]) {}

  get host(): string {
    return this.service.host;
  }

  /** Whether the rules apply to a call. */
  covers(call: LostCall): boolean {
    return HostTlsRules.keyOf(call) === HostTlsRules.keyOf(this.calls[0])
      && (this.ports?.has(decisiveHop(call.side.path).target.port) ?? true);
  }

  /** The rules without ports on which they would break calls; undefined if no port is left. */
  without(harmed: ReadonlySet<number>): HostTlsRules | undefined {
    const ports = [...this.ports ?? this.calls.map(({ side }) => decisiveHop(side.path).target.port)].filter((port) => !harmed.has(port));
    if (ports.length === 0) return undefined;
    const narrowed = new HostTlsRules(this.tls, this.calls);
    narrowed.ports = new Set(ports);
    return narrowed;
  }

  /**
   * A rule for the host itself is changed; a rule for a wildcard, which a rule for the
   * host would override, is copied for the host; without a rule, one is added.
   *
   * @param taken the names of new rules by namespace, so that each is unique
   */
  changes(mesh: Mesh, taken: Set<string>): readonly InventoryChange[] {
    const { rule } = decisiveHop(this.calls[0].side.path);
    const all = rule ? mesh.objects.of(KIND.DestinationRule).filter(({ namespace }) => namespace === rule.namespace) : [];
    const found = all.filter((object) => fullHost(text(object.spec.host) ?? '', object) === rule?.host);
    if (found.length === 0) return [this.added({ namespace: this.service.namespace, spec: this.ofNobody(mesh) }, mesh, taken)];
    // A rule that only defines subsets must not hide the policy of another rule.
    const owners = new Set(this.calls.flatMap(({ side }) => policyOwner(decisiveHop(side.path).rule)));
    const isPolicy = (object: MeshObject): boolean => isMapping(object.spec.trafficPolicy) || owners.has(idKey(object));
    const specs = found.map((object) => ({ object, spec: this.sending(object.spec, isPolicy(object)) }));
    if (rule?.host !== this.host) {
      return specs.map(({ object, spec }) => this.added({ ...object, spec: { ...spec, host: this.host } }, mesh, taken));
    }
    return specs.map(({ object, spec }) => ({ apply: { ...object.source, spec }, replaces: object, created: object.created }));
  }

  private get service(): Service {
    return decisiveHop(this.calls[0].side.path).target.service!;
  }

  private sending(spec: Mapping, isPolicy: boolean): Mapping {
    const { trafficPolicy, ...others } = this.ports ? sendingOn(this.ports, this.tls, spec) : sending(this.tls, spec);
    return isPolicy ? { ...others, trafficPolicy } : others;
  }

  /**
   * A rule for clients that have none. If others have one, for a wildcard or
   * from another namespace, it gets a workloadSelector for these clients.
   */
  private ofNobody({ planes }: Mesh): Mapping {
    const senders = this.calls.map((call) => lostHop(call).sender);
    const { config, rules } = planes.of(senders[0].proxy.revision);
    const namespaces = [...new Set(senders.map(({ namespace }) => namespace))].sort(compareTexts);
    const isAlone = rules.covering(this.service.namespace, this.service).length === 0;
    const exportTo = !isAlone ? namespaces : config.defaultDestinationRuleExportTo.includes('*') ? undefined : ['*'];
    return this.sending({ host: this.host, ...exportTo && { exportTo } }, true);
  }

  private added({ namespace, labels = {}, spec }: NewRule, { objects }: Mesh, taken: Set<string>): InventoryChange {
    const { object: { name: service }, namespace: own } = this.service;
    const name = `${service}${namespace === own ? '' : `-${own}`}-mtls`;
    const isFree = (one: string): boolean =>
      !taken.has(`${namespace}/${one}`)
        && !objects.of(KIND.DestinationRule).some((rule) => rule.namespace === namespace && rule.name === one);
    let free = name;
    for (let number = 2; !isFree(free); number++) free = `${name}-${number}`;
    taken.add(`${namespace}/${free}`);
    const ofRevision = REVISION in labels ? { labels: { [REVISION]: labels[REVISION] } } : {};
    const metadata = { namespace, name: free, ...ofRevision };
    return { apply: { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec }, created: YOUNGEST };
  }
}

/** The rule whose policy applies, or would apply if it had one; empty without a rule. */
function policyOwner(rule: MergedRule | undefined): readonly string[] {
  return rule ? [idKey(rule.policyAt.object)] : [];
}

/** What an entry for a port may set besides TLS. */
const OF_PORTS = ['connectionPool', 'loadBalancer', 'outlierDetection'];

/** The rule with which clients send one TLS mode on some ports; the entries keep the other settings of these ports. */
function sendingOn(ports: ReadonlySet<number>, mode: TemporaryTls, spec: Mapping): Mapping {
  const wide = mapping(spec.trafficPolicy);
  const subsets = mappings(spec.subsets).map((subset) => {
    if (!isMapping(subset.trafficPolicy)) return subset;
    const { trafficPolicy: policy } = subset;
    const own = [...ports].filter((port) => policy.tls !== undefined || entryOf(policy, port) !== undefined);
    return { ...subset, trafficPolicy: withEntries(policy, own, mode, (port) => ({ ...entryOf(wide, port) ?? wide, ...policy })) };
  });
  return { ...spec, trafficPolicy: withEntries(wide, [...ports], mode, () => wide), ...Array.isArray(spec.subsets) && { subsets } };
}

/** @param inherited the settings of a port without an entry */
function withEntries(policy: Mapping, ports: readonly number[], mode: TemporaryTls, inherited: (port: number) => Mapping): Mapping {
  if (ports.length === 0) return policy;
  const entries = mappings(policy.portLevelSettings);
  const own = entries.map((entry) => (ports.includes(portOf(entry)) ? { ...entry, tls: { mode } } : entry));
  const added = ports.filter((port) => !entryOf(policy, port)).sort((one, other) => one - other).map((number) => {
    const settings = inherited(number);
    const kept = Object.fromEntries(OF_PORTS.flatMap((field) => (settings[field] === undefined ? [] : [[field, settings[field]]])));
    return { port: { number }, ...kept, tls: { mode } };
  });
  return { ...policy, portLevelSettings: [...own, ...added] };
}

function entryOf(policy: Mapping, port: number): Mapping | undefined {
  return mappings(policy.portLevelSettings).find((entry) => portOf(entry) === port);
}

function portOf({ port }: Mapping): number {
  return mapping(port).number as number;
}
