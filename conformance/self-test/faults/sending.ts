// Mistakes about what a client's proxy sends, and where.
/* eslint-disable dot-notation -- so a private method has its name and type, too */
import { type Fault, faultsIn } from '../fault';

const NOWHERE = 'no-namespace-of-any-mesh';

export const SENDING_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/dataplane/client-tls', {
    'a rule doesn\'t unmark endpoints': (module) => {
      const { endpointTls } = module;
      module.endpointTls = (cluster, ...others) => endpointTls({ ...cluster, hint: undefined }, ...others);
    },
    'auto mTLS doesn\'t look at the namespace\'s policy': (module) => {
      const { clusterTls } = module;
      module.clusterTls = (service, port, rule, subset, auto) =>
        clusterTls(service, port, rule, subset, { ...auto, disabledByPolicy: () => undefined });
    },
    'auto mTLS reaches hosts outside the mesh': (module) => {
      const { clusterTls } = module;
      module.clusterTls = (service, port, rule, subset, auto) => {
        const allEndpoints: typeof auto.allEndpoints = () => auto.allEndpoints(service, port);
        return clusterTls({ ...service, external: false }, port, rule, subset, { ...auto, allEndpoints });
      };
    },
    'a headless service needs but one server with a sidecar': (module) => {
      const { autoMtlsOf } = module;
      module.autoMtlsOf = (plane) => {
        const allEndpoints: ReturnType<typeof autoMtlsOf>['allEndpoints'] = (service, port) =>
          plane.registry.serversOn(service, port.number).some(({ tlsMode }) => tlsMode !== 'disabled');
        return { ...autoMtlsOf(plane), allEndpoints };
      };
    },
    'sidecars read the PROXY protocol': (module) => {
      const { clusterTls } = module;
      module.clusterTls = (...call) => ({ ...clusterTls(...call), headerBy: undefined });
    },
  }),
  ...faultsIn('mesh/control-planes/control-plane', {
    'the mesh config confines no ServiceEntries': ({ ControlPlane: { prototype } }) => {
      prototype.visibilityOf = () => 'PUBLIC';
    },
    'rules are told apart by exportTo whatever istiod is told': ({ ControlPlane: { prototype } }) => {
      const { decidesAsModelled } = prototype;
      prototype.decidesAsModelled = function (behaviour) {
        return behaviour === 'mergeByExportTo' || decidesAsModelled.call(this, behaviour);
      };
    },
  }),
  ...faultsIn('mesh/routes/route', {
    'a destination of weight 0 is reached': (module) => {
      const { writtenDestinations } = module;
      module.writtenDestinations = (rule, at, callers) =>
        writtenDestinations(rule, at, callers).map((one) => (one.mirrored ? one : { ...one, reached: true }));
    },
    'requests aren\'t mirrored': (module) => {
      const { writtenDestinations } = module;
      module.writtenDestinations = (rule, at, callers) =>
        writtenDestinations(rule, at, callers).map((one) => (one.mirrored ? { ...one, reached: false } : one));
    },
  }),
  ...faultsIn('mesh/routes/gateway-api', {
    'routes of the Gateway API touch nothing': (module) => {
      const { gatewayApiRoutes } = module;
      module.gatewayApiRoutes = (objects, known) => gatewayApiRoutes(objects, known).map((one) => ({ ...one, answer: () => undefined }));
    },
    'a route of the Gateway API in another namespace touches nobody': (module) => {
      const { gatewayApiRoutes } = module;
      module.gatewayApiRoutes = (objects, known) => gatewayApiRoutes(objects, known).map((one) => (
        { ...one, answer: (call) => one.answer({ ...call, client: { ...call.client, namespace: NOWHERE } }) }));
    },
  }),
  ...faultsIn('mesh/routes/shifted-weights', {
    'Rollouts shift no weights': ({ ShiftedWeights: { prototype } }) => {
      prototype.specOf = ({ spec }) => spec;
    },
  }),
  ...faultsIn('mesh/dataplane/sidecar/outbound-routes', {
    'REGISTRY_ONLY is ignored': ({ OutboundRoutes: { prototype } }) => {
      const { follow } = prototype;
      prototype.follow = function (...call) {
        const way = follow.apply(this, call);
        return way.to === 'nowhere' ? { to: 'address' } : way;
      };
    },
    'sidecars add no TLS to hosts that they look up': ({ OutboundRoutes: { prototype } }) => {
      const { follow } = prototype;
      prototype.follow = function (...call) {
        const way = follow.apply(this, call);
        return way.to === 'unknown' && way.because === 'dynamic-dns' ? { to: 'address' } : way;
      };
    },
    'ServiceEntries get no addresses where sidecars answer DNS requests': ({ OutboundRoutes: { prototype } }) => {
      prototype.goByAllocatedAddresses = () => false;
    },
  }),
];
