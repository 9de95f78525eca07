// Manifests as text: block YAML, as most people write it.

const VERSIONS = {
  Namespace: 'v1', Service: 'v1', Pod: 'v1', Endpoints: 'v1', ConfigMap: 'v1', List: 'v1', Deployment: 'apps/v1', EndpointSlice: 'discovery.k8s.io/v1',
  DestinationRule: 'networking.istio.io/v1', VirtualService: 'networking.istio.io/v1', Gateway: 'networking.istio.io/v1', ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1', Sidecar: 'networking.istio.io/v1', EnvoyFilter: 'networking.istio.io/v1alpha3',
  PeerAuthentication: 'security.istio.io/v1', AuthorizationPolicy: 'security.istio.io/v1', RequestAuthentication: 'security.istio.io/v1',
};

/** The numbers below `count`, each made into something. */
export function times(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** One object; its spec as a value. */
export function object(kind, name, spec, { namespace = 'shop', labels, annotations, ...rest } = {}) {
  return yaml({ apiVersion: VERSIONS[kind] ?? 'example.com/v1', kind, metadata: { name, namespace, labels, annotations }, spec, ...rest });
}

/** A value as block YAML. */
export function yaml(value, indent = '') {
  if (typeof value === 'string') return /^[a-zA-Z/][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  if (entries.length === 0) return Array.isArray(value) ? '[]' : '{}';
  const lines = entries.map(([key, entry]) => {
    if (Array.isArray(value)) return `- ${yaml(entry, `${indent}  `)}`;
    const isBlock = typeof entry === 'object' && entry !== null && Object.values(entry).some((one) => one !== undefined);
    return `${yaml(key)}:${isBlock ? `\n${indent}  ` : ' '}${yaml(entry, `${indent}  `)}`;
  });
  return lines.join(`\n${indent}`);
}

export function documents(...objects) {
  return objects.flat(Infinity).join('\n---\n');
}

export function namespace(name = 'shop', labels = { 'istio-injection': 'enabled' }) {
  return yaml({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export function service(name, { app = name, ports = [{ name: 'http', port: 80, targetPort: 8080 }], ...more } = {}, meta = {}) {
  return object('Service', name, { selector: app ? { app } : undefined, ports, ...more }, meta);
}

export function deployment(name, { app = name, labels = {}, annotations, pod = {}, containers = [{ name: 'app', image: 'app', ports: [{ containerPort: 8080 }] }] } = {}, meta = {}) {
  return object('Deployment', name, {
    selector: { matchLabels: { app } }, template: { metadata: { labels: { app, ...labels }, annotations }, spec: { containers, ...pod } },
  }, meta);
}

/** A small mesh for what is around it: a client, a server and its Service. */
export const SHOP = [namespace(), service('web'), deployment('web'), deployment('client')];

/** An address of its own for each number. */
export function address(index) {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}
