// Mistakes about what runs while a change is on its way.
import { type Fault, faultsIn } from '../fault';

export const CHANGING_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/mesh', {
    'servers are configured as their clients are': ({ Mesh: { prototype } }) => {
      prototype.towards = function () {
        return this;
      };
    },
    'clients are configured as their servers are': ({ Mesh: { prototype } }) => {
      prototype.towards = (servers) => servers;
    },
    'patches of servers are those of their clients\' state': ({ Mesh: { prototype } }) => {
      const { towards } = prototype;
      prototype.towards = function (servers) {
        const mixed = towards.call(this, servers);
        Object.assign(mixed.doubts, { planes: this.planes });
        return mixed;
      };
    },
  }),
  ...faultsIn('mesh/compare/object-changes', {
    'what a change adds is older than what was there': (module) => {
      const { inventoryChange } = module;
      module.inventoryChange = (change) => {
        const { before, after } = change;
        return before || !after ? inventoryChange(change) : { apply: after.source, created: after.created ?? 0 };
      };
    },
    'what changes is as young as what is added': (module) => {
      const { inventoryChange } = module;
      module.inventoryChange = (change) => {
        const { before, after } = change;
        return before && after ? { apply: after.source, replaces: before, created: after.created ?? Infinity } : inventoryChange(change);
      };
    },
  }),
].map((fault) => ({ ...fault, ofChange: true }));
