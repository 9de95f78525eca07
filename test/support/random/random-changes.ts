import { randomMeshes } from './random-meshes';
import { gatewayOf } from '../../../conformance/generators/networks';
import { Mesh } from '../../../src/mesh/mesh';
import { Migration, migrationOf } from '../../../src/migration/migration';
import { deployment, destinationRule, mesh, meshConfig, namespace, peerAuthentication, service, toHost, virtualService } from '../meshes/mesh';

/** A mesh before and after a change. */
export interface RandomChange {
  readonly id: string;
  readonly before: any[];
  readonly after: any[];
}

type Draw = (limit: number) => number;

const MODES = ['STRICT', 'PERMISSIVE', 'DISABLE'];
const TLS = [{ mode: 'DISABLE' }, { mode: 'ISTIO_MUTUAL' }, undefined];
const PORTS = ['80', '8080', '9000:9010', '*', ''];
const WITH_PODS = ['Deployment', 'StatefulSet', 'ReplicaSet', 'CronJob', 'Job', 'DaemonSet'];

/** Changes that matter to connections, the commonest more than once; each gives objects that replace others, or names some to delete. */
const CHANGES: readonly ((objects: readonly any[], others: readonly any[], draw: Draw) => readonly any[])[] = [
  // The mode of a policy, which a namespace may not have yet.
  ...Array(3).fill((objects: any[], _: any[], draw: Draw) => {
    const policy = drawn(objects, ['PeerAuthentication'], draw);
    const mtls = { mode: MODES[draw(3)] };
    if (policy && draw(2) === 0) return [{ ...policy, spec: { ...policy.spec, mtls } }];
    const space = drawn(objects, ['Namespace'], draw);
    return space ? [peerAuthentication(`${space.metadata.name}/drawn`, { mtls })] : [];
  }),
  // The TLS that clients of a service send.
  ...Array(3).fill((objects: any[], _: any[], draw: Draw) => {
    const rule = drawn(objects, ['DestinationRule'], draw);
    const tls = TLS[draw(3)];
    if (rule && draw(2) === 0) return [{ ...rule, spec: { ...rule.spec, trafficPolicy: { ...rule.spec.trafficPolicy, tls } } }];
    const called = drawn(objects, ['Service'], draw);
    if (!called) return [];
    const { name, namespace: space } = called.metadata;
    return [destinationRule(`${space}/drawn-${name}`, { host: name, trafficPolicy: { tls } })];
  }),
  // A sidecar more or less.
  ...Array(2).fill((objects: any[], _: any[], draw: Draw) => {
    const workload = drawn(objects, WITH_PODS, draw);
    const template = workload?.spec?.template;
    if (!template) return [];
    const labels = { ...template.metadata?.labels, 'sidecar.istio.io/inject': String(draw(2) === 0) };
    return [{ ...workload, spec: { ...workload.spec, template: { ...template, metadata: { ...template.metadata, labels } } } }];
  }),
  // Ports that are led around a sidecar.
  (objects, _, draw) => {
    const workload = drawn(objects, WITH_PODS, draw);
    const template = workload?.spec?.template;
    if (!template) return [];
    const annotations = { ...template.metadata?.annotations, [`traffic.sidecar.istio.io/${['exclude', 'include'][draw(2)]}InboundPorts`]: PORTS[draw(PORTS.length)] };
    return [{ ...workload, spec: { ...workload.spec, template: { ...template, metadata: { ...template.metadata, annotations } } } }];
  },
  (objects, _, draw) => {
    const space = drawn(objects, ['Namespace'], draw);
    return space ? [{ ...space, metadata: { ...space.metadata, labels: { ...space.metadata.labels, 'istio-injection': ['enabled', 'disabled'][draw(2)] } } }] : [];
  },
  // The object of another mesh at the same place.
  ...Array(2).fill((objects: any[], others: any[], draw: Draw) => {
    const kinds = [['PeerAuthentication', 'DestinationRule', 'VirtualService', 'Sidecar', 'Service', 'ServiceEntry'][draw(6)]];
    const [one, other] = [drawn(objects, kinds, draw), drawn(others, kinds, draw)];
    return one && other ? [{ ...one, spec: other.spec }] : other ? [other] : [];
  }),
  (objects, _, draw) => {
    const object = drawn(objects, ['PeerAuthentication', 'DestinationRule', 'VirtualService', 'Sidecar'], draw);
    return object ? [{ ...object, deleted: true }] : [];
  },
  // A Gateway of the Gateway API that leads to a network, is a waypoint, or says nothing of other proxies.
  (_, __, draw) => [{ ...GATEWAYS[draw(GATEWAYS.length)], deleted: draw(2) === 0 }],
  // A controller's object, whose Service a route leads to.
  (objects, _, draw) => {
    const routed = drawn(objects, ['VirtualService'], draw);
    const kafka = { apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', metadata: { namespace: routed?.metadata.namespace ?? 'a', name: 'orders' }, spec: {} };
    return [{ ...kafka, deleted: draw(3) === 0 }, ...routed && draw(2) === 0 ? [{ ...routed, spec: { ...routed.spec, http: [toHost('orders-kafka-bootstrap')] } }] : []];
  },
];

const GATEWAYS = [gatewayOf('n1'), ...['istio-waypoint', 'istio'].map((gatewayClassName) => ({ ...gatewayOf(''), spec: { gatewayClassName } }))];

/** The conformance suite's meshes with random changes of one to six objects. The same for the same seed. */
export function randomChanges(seed: number, count: number): readonly RandomChange[] {
  return changesOf(seed, randomMeshes(seed, count + 1).map(({ objects }) => objects));
}

/** The same of meshes in which most calls arrive. */
export function simpleChanges(seed: number, count: number): readonly RandomChange[] {
  return changesOf(seed, Array.from({ length: count + 1 }, (_, index) => simpleMesh(generator(seed * 104_729 + index))));
}

/** The same changes, where each rule with a policy has portLevelSettings for port 80 without TLS. */
export function withPortEntries(changes: readonly RandomChange[]): readonly RandomChange[] {
  const portLevelSettings = [{ port: { number: 80 }, loadBalancer: { simple: 'RANDOM' } }];
  const withEntry = (object: any): any => (object.kind === 'DestinationRule' && object.spec.trafficPolicy
    ? { ...object, spec: { ...object.spec, trafficPolicy: { ...object.spec.trafficPolicy, portLevelSettings } } } : object);
  return changes.map(({ id, before, after }) => ({ id: `${id} with entries`, before: before.map(withEntry), after: after.map(withEntry) }));
}

/** A mesh in which each Deployment names a service that it calls. */
export function withNamedCalls(objects: readonly any[]): any[] {
  const services = objects.filter(({ kind }) => kind === 'Service');
  return objects.map((object, index) => {
    if (object.kind !== 'Deployment' || services.length === 0) return object;
    const { metadata: { namespace: space, name } } = services[index % services.length];
    const { template } = object.spec;
    const containers = template.spec.containers.map((one: any) => ({ ...one, env: [{ name: 'UPSTREAM', value: `${name}.${space}:80` }] }));
    return { ...object, spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } } };
  });
}

/** A migration of a mesh without auto mTLS to STRICT, and the known facts. */
export interface RandomMigration {
  readonly id: string;
  /** `config`: the mesh config is among the manifests; `rules`: it isn't. */
  readonly way: 'config' | 'rules';
  readonly before: Mesh;
  readonly migration: Migration;
}

/** Ways of meshes without auto mTLS to STRICT, each of a mesh with its mesh config among the manifests, and without. */
export function migrationsWithoutAutoMtls(changes: readonly RandomChange[]): readonly RandomMigration[] {
  const config = meshConfig({ enableAutoMtls: false });
  return changes.flatMap(({ id, before: objects }) => {
    const others = withNamedCalls(objects).filter(({ kind, metadata: { name } }) => kind !== 'ConfigMap' || name !== 'istio');
    const before = { config: mesh([...others, config]), rules: mesh(others, { meshConfigs: [{ manifest: config, saidBy: 'config.yaml' }] }) };
    return (['config', 'rules'] as const).map((way) => ({ id: `${id} by ${way}`, way, before: before[way], migration: migrationOf(before[way], { mode: 'STRICT' }) }));
  });
}

function simpleMesh(draw: Draw): any[] {
  const objects: any[] = ['a', 'b'].map((name) => namespace(name, draw(4) > 0 ? { 'istio-injection': 'enabled' } : {}));
  for (const [index, name] of ['web', 'api', 'db', 'job'].entries()) {
    const labels = { app: name, version: `v${draw(2)}`, ...draw(4) === 0 ? { 'sidecar.istio.io/inject': 'false' } : {} };
    objects.push(deployment(`${'ab'[index % 2]}/${name}`, { labels, ports: [{ containerPort: 8080 }] }));
    if (name !== 'job') {
      const ports = [{ port: 80, name: ['http', 'tcp', 'web'][draw(3)], targetPort: 8080 }];
      objects.push(service(`${'ab'[index % 2]}/${name}`, ports, draw(4) === 0 ? { clusterIP: 'None' } : {}));
    }
  }
  if (draw(2) === 0) objects.push(peerAuthentication(`${['a', 'b', 'istio-system'][draw(3)]}/default`, { mtls: { mode: MODES[draw(3)] } }));
  if (draw(3) === 0) objects.push(peerAuthentication('a/web', { selector: { matchLabels: { app: 'web' } }, mtls: { mode: MODES[draw(3)] } }));
  if (draw(2) === 0) {
    const subsets = [{ name: 'v0', labels: { version: 'v0' } }, { name: 'v1', labels: { version: 'v1' } }].slice(draw(2));
    objects.push(destinationRule('a/web', { host: 'web', trafficPolicy: { tls: TLS[draw(3)] }, subsets }));
    if (draw(2) === 0) objects.push(virtualService('a/web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web', subset: `v${draw(2)}` } }] }] }));
  }
  if (draw(3) === 0) objects.push(virtualService('b/api', { hosts: ['api'], http: [toHost('db')] }));
  return JSON.parse(JSON.stringify(objects));
}

function changesOf(seed: number, meshes: readonly (readonly any[])[]): readonly RandomChange[] {
  return meshes.slice(1).map((_, index) => {
    const draw = generator(seed * 7919 + index);
    const [before, others] = [[...meshes[index]], meshes[index + 1]];
    const after = new Map(before.map((object) => [keyOf(object), object]));
    for (let change = 1 + draw(6); change > 0; change--) {
      for (const object of CHANGES[draw(CHANGES.length)]([...after.values()], others, draw)) {
        if (object.deleted) after.delete(keyOf(object));
        else after.set(keyOf(object), object);
      }
    }
    return { id: `${seed}/${index}`, before, after: [...after.values()] };
  });
}

function drawn(objects: readonly any[], kinds: readonly string[], draw: Draw): any {
  const all = objects.filter(({ kind }) => kinds.includes(kind));
  return all[draw(all.length)];
}

function keyOf({ kind, metadata: { namespace: space = '', name } }: any): string {
  return `${kind} ${space}/${name}`;
}

/** Numbers below a limit; the same for the same seed. */
export function generator(seed: number): Draw {
  let state = Math.abs(seed * 7_919 + 12_345) % 2_147_483_647 || 1;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return limit === 0 ? 0 : Math.floor((state / 2_147_483_647) * limit);
  };
}
