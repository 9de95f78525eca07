import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Connection } from '../../../src/mesh/calls/connections';
import { readObject } from '../../../src/mesh/inventory/object';
import { Mesh, MeshOptions } from '../../../src/mesh/mesh';
import { readDestinationRule } from '../../../src/mesh/policies/destination-rule';
import { MergedRule, RuleMerger } from '../../../src/mesh/policies/destination-rules';

type Fields = Record<string, any>;

function object(apiVersion: string, kind: string, path: string, fields: Fields): Fields {
  const [space, name] = path.split('/');
  const { labels, annotations, creationTimestamp, ...rest } = fields;
  return { apiVersion, kind, metadata: { namespace: space, name, labels, annotations, creationTimestamp }, ...rest };
}

/** Namespaces whose pods get sidecars. */
export function injected(...names: string[]): Fields[] {
  return names.map((name) => namespace(name, { 'istio-injection': 'enabled' }));
}

export function namespace(name: string, labels: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export interface PodFields {
  labels?: Fields;
  annotations?: Fields;
  ports?: Fields[];
  spec?: Fields;
}

/** A Deployment at `namespace/name`; its pods carry `app: name` by default. */
export function deployment(path: string, { labels, annotations, ports = [], spec = {} }: PodFields = {}): Fields {
  const [, name] = path.split('/');
  const template = { metadata: { labels: labels ?? { app: name }, annotations }, spec: { containers: [{ name: 'app', ports }], ...spec } };
  return object('apps/v1', 'Deployment', path, { spec: { template } });
}

/** A Service that selects `app: name`; a port is a number, or `name:number`. */
export function service(path: string, ports: (number | string | Fields)[] = [80], fields: Fields = {}): Fields {
  const [, name] = path.split('/');
  const { annotations, creationTimestamp, ...spec } = fields;
  return object('v1', 'Service', path, { annotations, creationTimestamp, spec: { selector: { app: name }, ports: ports.map(readPort), ...spec } });
}

function readPort(port: number | string | Fields): Fields {
  if (typeof port === 'object') return port;
  const [name, number] = String(port).includes(':') ? String(port).split(':') : [undefined, port];
  return { name, port: Number(number) };
}

export const peerAuthentication = (path: string, spec: Fields, fields: Fields = {}): Fields =>
  object('security.istio.io/v1', 'PeerAuthentication', path, { ...fields, spec });
export const authorizationPolicy = (path: string, spec: Fields, fields: Fields = {}): Fields =>
  object('security.istio.io/v1', 'AuthorizationPolicy', path, { ...fields, spec });
export const mode = (value: string): Fields => ({ mtls: { mode: value } });
export const networking = (kind: string) => (path: string, spec: Fields, fields: Fields = {}): Fields => object('networking.istio.io/v1', kind, path, { ...fields, spec });
export const destinationRule = networking('DestinationRule');
export const virtualService = networking('VirtualService');
export const sidecar = networking('Sidecar');
export const serviceEntry = networking('ServiceEntry');
export const workloadEntry = networking('WorkloadEntry');
export const envoyFilter = networking('EnvoyFilter');
/** An object of the Kubernetes Gateway API, including Istio's experimental kinds. */
export const gatewayApi = (kind: string, path: string, spec: Fields, fields: Fields = {}): Fields =>
  object(kind.startsWith('X') ? 'gateway.networking.x-k8s.io/v1alpha1' : 'gateway.networking.k8s.io/v1', kind, path, { ...fields, spec });
export const tls = (value: string, more: Fields = {}): Fields => ({ trafficPolicy: { tls: { mode: value, ...more } } });
export const toHost = (host: string, more: Fields = {}): Fields => ({ route: [{ destination: { host, ...more } }] });

/** The mesh config, as ConfigMap `istio`. */
export function meshConfig(config: Fields, name = 'istio'): Fields {
  return object('v1', 'ConfigMap', `istio-system/${name}`, { data: { mesh: JSON.stringify(config) } });
}

export function mesh(objects: unknown[], options: Partial<MeshOptions> = {}): Mesh {
  return Mesh.of(objects.flat(3), { parseYaml: readYaml, ...options });
}

export function connections(objects: unknown[], options: Partial<MeshOptions> = {}): Connection[] {
  return [...mesh(objects, options).connections()];
}

/** The outcomes of a client's calls to a host and port: `<where it goes> <client TLS> <server mode> <outcome>`, one line each. */
export function calls(objects: unknown[], client: string, requested: string, options: Partial<MeshOptions> = {}): string[] {
  const [host, port = '80'] = requested.split(':');
  return connections(objects, options)
    .filter((one) => `${one.client.namespace}/${one.client.name}` === client && one.requested.host === full(host) && one.requested.port === Number(port))
    .map(({ service: to, server, clientTls, serverMode, outcome }) => {
      const target = `${to.host.replace('.svc.cluster.local', '')}:${to.port}${to.subset ? `/${to.subset}` : ''}`;
      return `${target} → ${server ? `${server.namespace}/${server.name}:${server.port}` : 'nobody'} ${clientTls} ${serverMode} ${outcome}`;
    });
}

/** Only the words of the verdicts: client TLS, server mode, outcome. */
export function words(objects: unknown[], client: string, requested: string, options: Partial<MeshOptions> = {}): string[] {
  return calls(objects, client, requested, options).map((line) => line.split(' ').slice(3).join(' '));
}

function full(host: string): string {
  return /^[^.]+\.[^.]+$/.test(host) ? `${host}.svc.cluster.local` : host;
}

/** The merged rule of a DestinationRule that is the only one for its host. */
export function mergedRule(manifest: unknown): MergedRule {
  const merger = new RuleMerger();
  merger.add(readDestinationRule(readObject(manifest)!));
  return merger.merged[0];
}
