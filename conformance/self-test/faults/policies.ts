// Mistakes about what policies say, and which of them count.
import type { EnvoyFilter } from '../../../src/mesh/policies/envoy-filter';
import type { PeerPolicies as Policies, Precedence } from '../../../src/mesh/policies/peer-authentication';
import { type Fault, faultsIn } from '../fault';

const NO_PORT = -1;
const NOWHERE = 'no-namespace-of-any-mesh';

export const POLICY_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/policies/peer-authentication', {
    'a port\'s own mode is ignored': (module) => {
      const { enforcedMode } = module;
      module.enforcedMode = (policies, server) => enforcedMode(policies, server, NO_PORT);
    },
    'UNSET for a port means PERMISSIVE': (module) => {
      const { enforcedMode } = module;
      module.enforcedMode = (policies, server, port) => {
        const policy = policies.ofWorkload(server).winner;
        return policy?.ports.get(port) === 'UNSET' ? { mode: 'PERMISSIVE', level: 'port', by: policy.at } : enforcedMode(policies, server, port);
      };
    },
    'an empty selector selects nothing': (module) => {
      const { readPeerPolicy } = module;
      module.readPeerPolicy = (object) => {
        const policy = readPeerPolicy(object);
        return policy.hasEmptySelector ? { ...policy, selector: { nothing: 'nothing' } } : policy;
      };
    },
    'policies with a selector in the root namespace apply': (module) => {
      const { PeerPolicies } = module;
      module.PeerPolicies = class extends PeerPolicies {
        private readonly withoutRoot = new PeerPolicies(this.all, NOWHERE);

        override ofWorkload(workload: Parameters<Policies['ofWorkload']>[0]): Precedence {
          return this.withoutRoot.ofWorkload(workload);
        }
      };
    },
    'of two policies for a workload the last counts': ({ PeerPolicies: { prototype } }) => {
      const { ofWorkload } = prototype;
      prototype.ofWorkload = function (workload) {
        const precedence = ofWorkload.call(this, workload);
        return { ...precedence, winner: precedence.losers.at(-1) ?? precedence.winner };
      };
    },
  }),
  ...faultsIn('mesh/policies/destination-rules', {
    'a closer host beats a closer namespace': ({ RuleIndex: { prototype } }) => {
      const { find } = prototype;
      prototype.find = function (clientNamespace, service) {
        const found = find.call(this, clientNamespace, service);
        if (found.place !== 'client' || found.rules.some(({ host }) => host === service.host)) return found;
        const farther = this.covering(clientNamespace, service).filter(({ place }) => place !== 'client');
        return farther.find(({ rules: [{ host }] }) => host === service.host) ?? found;
      };
    },
    'of rules exported differently the first counts': (module) => {
      const { ruleForClient } = module;
      module.ruleForClient = (rules, client) => {
        const counting = ruleForClient(rules, client);
        return counting?.workloadSelector ? counting : rules.find(({ workloadSelector }) => workloadSelector === undefined);
      };
    },
  }),
  ...faultsIn('mesh/policies/destination-rule', {
    'a rule\'s exportTo is ignored': (module) => {
      const { readDestinationRule } = module;
      module.readDestinationRule = (object) => {
        const rule = readDestinationRule(object);
        return rule.workloadSelector ? rule : { ...rule, exportTo: new Set() };
      };
    },
    'a port-level entry without TLS inherits the rule\'s': (module) => {
      const { policyForPort, policyForSubset } = module;
      module.policyForPort = (policy, port) => {
        const counting = policyForPort(policy, port);
        return counting?.tls ? counting : policy;
      };
      module.policyForSubset = (policy, subset, port) => (subset ? policyForSubset(policy, subset, port) : module.policyForPort(policy, port));
    },
    'a subset without TLS doesn\'t inherit the rule\'s': (module) => {
      const { policyForSubset } = module;
      module.policyForSubset = (policy, subset, port) => {
        const counting = policyForSubset(policy, subset, port);
        return counting && subset && !module.portEntry(subset, port) ? { ...counting, tls: subset.tls } : counting;
      };
    },
  }),
  ...faultsIn('mesh/policies/backend-policies', {
    'policies of the Gateway API touch nothing': ({ BackendPolicies: { prototype } }) => {
      prototype.for = () => undefined;
    },
  }),
  ...faultsIn('mesh/policies/envoy-filter', {
    'EnvoyFilters of the root namespace reach nobody': (module) => {
      const { EnvoyFilters } = module;
      module.EnvoyFilters = class extends EnvoyFilters {
        constructor(filters: readonly EnvoyFilter[]) {
          super(filters, NOWHERE);
        }
      };
    },
    'an EnvoyFilter changes nothing of servers': ({ EnvoyFilters: { prototype } }) => {
      const { patching } = prototype;
      prototype.patching = function (side, pods, call) {
        return side === 'server' ? undefined : patching.call(this, side, pods, call);
      };
    },
    'filters that somebody inserts leave routes as they are': ({ EnvoyFilters: { prototype } }) => {
      const { patching } = prototype;
      prototype.patching = function (side, pods, call) {
        return side === 'requests' ? undefined : patching.call(this, side, pods, call);
      };
    },
  }),
];
