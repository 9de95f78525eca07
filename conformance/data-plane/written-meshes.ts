// Meshes written by hand whose names and addresses are those of the cluster: every run has them, and each must show what it says.
import type { RunMesh } from './runner';
import {
  deployment, destinationRule, injected, mode, namespace, peerAuthentication, service, serviceEntry, sidecar, tls, toHost, virtualService,
  workloadEntry,
} from '../../test/support/meshes/mesh';
import type { Fields, Manifest } from '../manifest';

/** A mesh with connections that calls have to show. */
export type WrittenMesh = RunMesh & Required<Pick<RunMesh, 'shows'>>;

const CONTAINER_PORTS = [{ containerPort: 8080 }, { containerPort: 9000 }];
const PORTS = [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }];
const HTTP = { number: 80, name: 'http', protocol: 'HTTP' };
const TCP = { number: 9000, name: 'tcp', protocol: 'TCP' };

/** Clients in a mesh and outside; all servers in the mesh take mutual TLS only. */
const CLIENTS = [...injected('shop'), namespace('legacy'), deployment('shop/client'), deployment('legacy/client'), peerAuthentication('shop/default', mode('STRICT'))];
const DEPLOYMENT = deployment('shop/server', { ports: CONTAINER_PORTS });
const HEADLESS = service('shop/server', PORTS, { clusterIP: 'None' });

const entry = (host: string, spec: Fields) => serviceEntry(`shop/${host.replaceAll('.', '-')}`, { hosts: [host], ports: [HTTP, TCP], ...spec });
const entryWithServer = (host: string, address: string, ports: Fields[] = [HTTP]) => entry(host, { ports, resolution: 'DNS', endpoints: [{ address }] });

const ADDRESS = '10.130.0.7';
/** A pod that says its address. */
const POD: Fields = {
  apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'server', labels: { app: 'server' } },
  spec: { containers: [{ name: 'app', ports: CONTAINER_PORTS }] }, status: { podIP: ADDRESS, podIPs: [{ ip: ADDRESS }] },
};

/** Two pods with names of their own. */
const SET: Fields = {
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { namespace: 'shop', name: 'server' },
  spec: { replicas: 2, serviceName: 'server', template: { metadata: { labels: { app: 'server' } }, spec: { containers: [{ name: 'app', ports: CONTAINER_PORTS }] } } },
};

/** An EndpointSlice of somebody's own, whose ports aren't those of the pods that the Service selects. */
const slice = (...endpoints: Fields[]): Fields => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { namespace: 'shop', name: 'own', labels: { 'kubernetes.io/service-name': 'server' } },
  addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: 8088, protocol: 'TCP' }, { name: 'tcp', port: 9000, protocol: 'TCP' }],
});

/** Whoever calls several times meets each server. */
const IN_TURN = destinationRule('shop/server', { host: 'server', trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });

const alias = (name: string, externalName: string): Fields => ({ ...service(`shop/${name}`), spec: { type: 'ExternalName', externalName, ports: PORTS } });

function written(id: string, objects: readonly unknown[], shows: readonly string[], more: Pick<RunMesh, 'replicas'> = {}): WrittenMesh {
  return { id, objects: [...CLIENTS, ...objects].flat(3) as Manifest[], shows, ...more };
}

export const WRITTEN_MESHES: readonly WrittenMesh[] = [
  written('a ServiceEntry with the address of a Service', [
    DEPLOYMENT, service('shop/server', PORTS, { clusterIP: '10.97.0.7', clusterIPs: ['10.97.0.7'] }),
    entry('copy.example.com', { addresses: ['10.97.0.7'], resolution: 'STATIC', endpoints: [{ address: '192.0.2.7' }] }),
    entry('server.shop', { ports: [HTTP], addresses: ['10.97.0.7'], resolution: 'STATIC', endpoints: [{ address: '192.0.2.7' }] }),
  ], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:9000 PLAINTEXT NO_PROXY plaintext',
    'shop/client server.shop:80 PLAINTEXT NO_PROXY plaintext',
    'legacy/client server.shop.svc.cluster.local:9000 PLAINTEXT STRICT broken',
  ]),
  written('an endpoint with a pod\'s address is the pod', [
    POD, service('shop/server', PORTS), entry('server.shop', { ports: [{ ...HTTP, targetPort: 8080 }], resolution: 'STATIC', endpoints: [{ address: ADDRESS }] }),
    workloadEntry('shop/machine', { address: ADDRESS, labels: { 'app': 'machine', 'security.istio.io/tlsMode': 'istio' } }),
    entry('server.shop.svc', { ports: [{ ...HTTP, targetPort: 8080 }], location: 'MESH_INTERNAL', resolution: 'STATIC', workloadSelector: { labels: { app: 'machine' } } }),
  ], [
    'shop/client server.shop:80 PLAINTEXT STRICT broken',
    'shop/client server.shop.svc:80 ISTIO_MUTUAL STRICT mtls',
  ]),
  written('a ServiceEntry with a pod\'s address', [POD, HEADLESS, entry('server.shop', { resolution: 'STATIC', addresses: [ADDRESS], endpoints: [{ address: '192.0.2.7' }] })], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:9000 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop:80 PLAINTEXT NO_PROXY plaintext',
    'shop/client server.shop:9000 ISTIO_MUTUAL STRICT mtls',
  ]),
  written('the name of a StatefulSet\'s pod', [
    SET, HEADLESS, entry('server-1.server.shop.svc.cluster.local', { resolution: 'NONE', ports: [HTTP] }), entryWithServer('out.example.com', 'server-1.server.shop.svc.cluster.local', [TCP]),
  ], [
    'shop/client server-1.server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
    'shop/client out.example.com:9000 PLAINTEXT STRICT broken',
    'legacy/client server-1.server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
  ]),
  written('the name of a pod with hostname and subdomain', [
    deployment('shop/server', { ports: CONTAINER_PORTS, spec: { hostname: 'one', subdomain: 'server' } }), HEADLESS,
    entry('one.server.shop.svc.cluster.local', { resolution: 'DNS', ports: [HTTP] }), entryWithServer('out.example.com', 'one.server.shop.svc.cluster.local', [TCP]),
  ], [
    'shop/client one.server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
    'shop/client out.example.com:9000 PLAINTEXT STRICT broken',
    'legacy/client one.server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
  ]),
  written('short names of a Service', [
    DEPLOYMENT, service('shop/server', PORTS), entryWithServer('one.example.com', 'server.shop'), entryWithServer('two.example.com', 'server.shop.svc'),
    entry('server.shop', { resolution: 'DNS' }), entry('server.shop.svc', { resolution: 'NONE', ports: [HTTP] }),
  ], [
    'shop/client one.example.com:80 PLAINTEXT STRICT broken',
    'shop/client two.example.com:80 PLAINTEXT STRICT broken',
    'shop/client server.shop:80 PLAINTEXT STRICT broken',
    'shop/client server.shop:9000 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc:80 PLAINTEXT STRICT broken',
  ]),
  written('an ExternalName with a dot at its end, and one without', [
    DEPLOYMENT, service('shop/server', PORTS), alias('dotted', 'server.shop.svc.cluster.local.'), alias('alias', 'server.shop.svc.cluster.local'),
  ], [
    'shop/client dotted.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
    'shop/client dotted.shop.svc.cluster.local:9000 ISTIO_MUTUAL STRICT mtls',
    'shop/client alias.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
  ]),
  written('an EndpointSlice beside a selector', [DEPLOYMENT, service('shop/server', PORTS), slice({ addresses: ['192.0.2.7'] }), IN_TURN], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:80 PLAINTEXT NO_PROXY plaintext',
    'shop/client server.shop.svc.cluster.local:9000 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:9000 PLAINTEXT NO_PROXY plaintext',
  ]),
  written('an EndpointSlice that isn\'t ready beside a selector', [DEPLOYMENT, service('shop/server', PORTS), slice({ addresses: ['192.0.2.7'], conditions: { ready: false } })], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:9000 ISTIO_MUTUAL STRICT mtls',
  ]),
  written('an EndpointSlice that lists a pod', [POD, service('shop/server', PORTS, { selector: undefined }), slice({ addresses: [ADDRESS], targetRef: { kind: 'Pod', namespace: 'shop', name: 'server' } })], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'legacy/client server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
  ]),
  written('Endpoints of somebody\'s own', [
    POD, service('shop/server', PORTS, { selector: undefined }),
    { apiVersion: 'v1', kind: 'Endpoints', metadata: { namespace: 'shop', name: 'server' }, subsets: [{ addresses: [{ ip: ADDRESS, targetRef: { kind: 'Pod', namespace: 'shop', name: 'server' } }], ports: [{ name: 'http', port: 8080 }, { name: 'tcp', port: 9000 }] }] },
  ], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'legacy/client server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
  ]),
  written('hosts with a dot at the end, and with capitals', [
    DEPLOYMENT, service('shop/server', PORTS), entryWithServer('dotted.example.com', 'server.shop.svc.cluster.local.'), entryWithServer('Out.example.com', 'server.shop', [TCP]),
    virtualService('shop/capitals', { hosts: ['Server.shop.svc.cluster.local'], http: [toHost('dotted.example.com')] }),
  ], [
    'shop/client dotted.example.com:80 PLAINTEXT STRICT broken',
    'shop/client Out.example.com:9000 PLAINTEXT STRICT broken',
    'shop/client server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
  ]),
  written('egress listeners for a port and for all others', [
    DEPLOYMENT, service('shop/server', PORTS), deployment('legacy/server', { ports: CONTAINER_PORTS }), service('legacy/server', PORTS),
    sidecar('shop/default', { egress: [{ port: { number: 80, protocol: 'HTTP', name: 'out' }, hosts: ['./*'] }, { hosts: ['legacy/*'] }] }),
  ], [
    'shop/client server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/client server.shop.svc.cluster.local:9000 PLAINTEXT STRICT broken',
    'shop/client server.legacy.svc.cluster.local:80 PLAINTEXT NO_PROXY plaintext',
  ]),
  written('replicas that call each other under a rule with DISABLE', [SET, HEADLESS, destinationRule('shop/server', { host: 'server', ...tls('DISABLE') })], [
    'shop/server server.shop.svc.cluster.local:80 PLAINTEXT STRICT broken',
    'shop/server server.shop.svc.cluster.local:9000 PLAINTEXT STRICT broken',
  ], { replicas: true }),
  written('replicas that call each other in mutual TLS', [SET, service('shop/server', PORTS), IN_TURN], [
    'shop/server server.shop.svc.cluster.local:80 ISTIO_MUTUAL STRICT mtls',
    'shop/server server.shop.svc.cluster.local:9000 ISTIO_MUTUAL STRICT mtls',
  ], { replicas: true }),
];
