// Mistakes about the names of proxies' configuration, and about both halves of the TLS, which no outcome shows.
import { type Fault, faultsIn } from '../fault';

export const EXPLAINING_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/dataplane/sidecar/outbound-routes', {
    'services for all addresses have a listener at their own': ({ OutboundRoutes: { prototype } }) => {
      const { listenerFor } = prototype;
      prototype.listenerFor = function (...call) {
        const listener = listenerFor.apply(this, call);
        return listener?.at === 'port' ? { ...listener, at: 'address' } : listener;
      };
    },
    'a service whose protocol is sniffed shares its port\'s routes': ({ OutboundRoutes: { prototype } }) => {
      const { listenerFor } = prototype;
      prototype.listenerFor = function (...call) {
        const listener = listenerFor.apply(this, call);
        return listener?.route?.of === 'service' ? { ...listener, route: { of: 'port' } } : listener;
      };
    },
  }),
  ...faultsIn('explain/outbound', {
    'a cluster has no subset in its name': (module) => {
      const { outboundNames } = module;
      module.outboundNames = (...call) => outboundNames(...call).map((names) => ({ ...names, cluster: names.cluster?.replace(/^(outbound\|\d+\|)[^|]+/, '$1') }));
    },
  }),
  ...faultsIn('explain/handshake', {
    'a client asks for the host': (module) => {
      const { clientHandshake } = module;
      module.clientHandshake = (hop, names) => {
        const half = clientHandshake(hop, names);
        return half?.certificate === 'mesh' ? { ...half, sni: hop.target.host } : half;
      };
    },
    'a client takes any server of the mesh': (module) => {
      const { clientHandshake } = module;
      module.clientHandshake = (hop, names) => {
        const half = clientHandshake(hop, names);
        return half && { ...half, names: [] };
      };
    },
    'a client offers no metadata exchange': (module) => {
      const { clientHandshake } = module;
      module.clientHandshake = (hop, names) => {
        const half = clientHandshake(hop, names);
        return half && { ...half, alpn: half.alpn.filter((one) => one !== 'istio-peer-exchange') };
      };
    },
    'a client offers for HTTP what its cluster does': (module) => {
      const { clientHandshake } = module;
      module.clientHandshake = (hop, names) => {
        const half = clientHandshake(hop, names);
        return half && { ...half, alpnForHttp: undefined };
      };
    },
  }),
  ...faultsIn('mesh/services/service', {
    'gRPC isn\'t HTTP/2': (module) => {
      const { speaksHttp2 } = module;
      module.speaksHttp2 = (port) => speaksHttp2(port) && !port.name.startsWith('grpc');
    },
  }),
  ...faultsIn('explain/server', {
    'the filter chain of a port that no service names has the port\'s name': (module) => {
      const { explainedServer } = module;
      module.explainedServer = (...call) => {
        const server = explainedServer(...call);
        return server && { ...server, inbound: server.inbound.map((names) => ({ ...names, filterChain: `0.0.0.0_${server.port}` })) };
      };
    },
    'servers take TLS 1.2 whatever the mesh config says': (module) => {
      const { explainedServer } = module;
      module.explainedServer = (...call) => {
        const server = explainedServer(...call);
        return server?.versions ? { ...server, versions: ['TLSv1_2', 'TLSv1_3'] } : server;
      };
    },
  }),
];
