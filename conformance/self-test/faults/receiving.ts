// Mistakes about what there is, who sees it, and what servers make of what comes.
import type { MeshObject } from '../../../src/mesh/inventory/object';
import { type Fault, faultsIn } from '../fault';

export const RECEIVING_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/model/transport', {
    'a server that expects HTTP lets TLS pass': (module) => {
      const { outcomeOf } = module;
      module.outcomeOf = (client, server, kind) => {
        const passes = kind === 'http' && outcomeOf(client, { ...server, protocol: 'TCP' }, kind) === 'tls';
        return passes ? 'tls' : outcomeOf(client, server, kind);
      };
    },
    'a server that expects HTTP takes calls of any other protocol': (module) => {
      const { outcomeOf } = module;
      module.isMisread = () => false;
      module.outcomeOf = (client, server, kind) => outcomeOf(client, kind === 'http' ? server : { ...server, protocol: 'TCP' }, kind);
    },
    'the application\'s own TLS is plaintext': (module) => {
      const { outcomeOf } = module;
      module.outcomeOf = (client, server, kind) => {
        const made = outcomeOf(client, server, kind);
        return client === 'PLAINTEXT' && made === 'tls' ? 'plaintext' : made;
      };
    },
  }),
  ...faultsIn('mesh/model/peer-calls', {
    'pods don\'t call each other, though their workload declares it': ({ PeerCalls: { prototype } }) => {
      prototype.has = () => false;
    },
  }),
  ...faultsIn('mesh/dataplane/sidecar/inbound-protocols', {
    'of two protocols on one port the last counts': ({ InboundProtocols: { prototype } }) => {
      const { of } = prototype;
      prototype.of = function (server, port, reads) {
        let last: MeshObject | undefined;
        of.call(this, server, port, (object) => {
          if (reads(object)) last = object;
          return false;
        });
        return of.call(this, server, port, (object) => object === last);
      };
    },
  }),
  ...faultsIn('mesh/names/export-to', {
    'a service exported to named namespaces is seen by all': ({ ExportTo: { prototype } }) => {
      const { isVisibleTo } = prototype;
      prototype.isVisibleTo = function (namespace) {
        return this.namespaces.length > 0 || isVisibleTo.call(this, namespace);
      };
    },
  }),
  ...faultsIn('mesh/names/hosts', {
    'short hosts are in cluster.local in any cluster': (module) => {
      const { fullHost } = module;
      module.fullHost = (host, context) => fullHost(host, { ...context, clusterDomain: 'cluster.local' });
    },
  }),
  ...faultsIn('mesh/inventory/object', {
    'objects without a time are the oldest': (module) => {
      const { readObject } = module;
      module.readObject = (source, cluster) => {
        const object = readObject(source, cluster);
        return object && { ...object, created: object.created ?? -Infinity };
      };
    },
  }),
  ...faultsIn('mesh/workloads/networks', {
    'all networks are one': (module) => {
      const { isDirect } = module;
      module.isDirect = (client, server) => isDirect(client, server, false);
    },
  }),
  ...faultsIn('mesh/workloads/injection', {
    'a bootstrap of one\'s own changes nothing': (module) => {
      module.asCustomized = (proxy) => proxy;
    },
  }),
  ...faultsIn('mesh/config/istiods', {
    'Services select WorkloadEntries whatever istiod is told': (module) => {
      const { selectingBy } = module;
      module.selectingBy = (settings) => ({ ...selectingBy(settings), selectMachines: true });
    },
    'ServiceEntries select pods whatever istiod is told': (module) => {
      const { selectingBy } = module;
      module.selectingBy = (settings) => ({ ...selectingBy(settings), selectPods: true });
    },
  }),
  ...faultsIn('mesh/config/istiod-behaviours', {
    'headless Services are decided whatever istiod is told': (module) => {
      const { BEHAVIOURS } = module;
      module.BEHAVIOURS = { ...BEHAVIOURS, listHeadless: { ...BEHAVIOURS.listHeadless, then: 'told' } };
    },
    'ports that a Sidecar\'s ingress leaves out are decided whatever istiod is told': (module) => {
      const { BEHAVIOURS } = module;
      module.BEHAVIOURS = { ...BEHAVIOURS, mergeIngress: { ...BEHAVIOURS.mergeIngress, then: 'told' } };
    },
  }),
];
