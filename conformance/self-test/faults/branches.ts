// Mistakes about what holds where a Namespace has injection, and where it has none.
import { type Fault, faultsIn } from '../fault';

export const BRANCH_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/worlds/branches', {
    'branches are for the other values of their facts': ({ Branches: { prototype } }) => {
      const { of } = prototype;
      prototype.of = function (client, call) {
        return of.call(this, client, call).map((one) => {
          const [first, ...others] = one.branches.map((branch) => (
            { ...branch, conditions: branch.conditions.map((condition) => ({ ...condition, holds: !condition.holds })) }));
          return { ...one, branches: [first, ...others] };
        });
      };
    },
    'calls reach a server with either value if they do with one': ({ Branches: { prototype } }) => {
      const { of } = prototype;
      prototype.of = function (client, call) {
        return of.call(this, client, call).map((one) => {
          const reached = one.branches.find(({ outcome }) => outcome !== 'absent');
          const [first, ...others] = one.branches.map((branch) => (branch.outcome === 'absent' ? { ...branch, ...reached, conditions: branch.conditions } : branch));
          return { ...one, branches: [first, ...others] };
        });
      };
    },
  }),
  ...faultsIn('mesh/workloads/injection-facts', {
    'pods that ask for a sidecar get none where their Namespace has no labels': (module) => {
      const { statedLabels, INJECTION } = module;
      module.statedLabels = (namespace, facts, injected) => {
        const labels = statedLabels(namespace, facts, injected);
        return labels && { [INJECTION]: 'disabled', ...labels };
      };
    },
  }),
];
