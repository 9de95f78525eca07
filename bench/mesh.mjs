/**
 * 11,000 manifests of a mesh: 2,000 services in 100 namespaces, with subsets, routes, overrides and policies. Where it is faulty,
 * with a mistake a service, of four kinds. Each client may call each port: that makes 4 million connections for a port a service.
 * Where namespaces aren't shown, their Namespace objects are left out, so that it isn't known who has a sidecar.
 */
export function meshYaml({ services = 2000, namespaces = 100, policies = 800, ports = 1, isFaulty = false, showsNamespaces = true } = {}) {
  const documents = [];
  for (let index = 0; index < namespaces; index++) documents.push(...namespace(`ns-${index}`).slice(showsNamespaces ? 0 : 1));
  for (let index = 0; index < services; index++) documents.push(...service(`svc-${index}`, `ns-${index % namespaces}`, ports, isFaulty ? MISTAKES[index % MISTAKES.length] : {}));
  for (let index = 0; index < policies; index++) documents.push(authorization(`svc-${index}`, `ns-${index % Math.max(namespaces, 1)}`));
  return documents.join('---\n');
}

/** The same mesh with so many resources, in its proportions. */
export function meshOf(resources, options = {}) {
  const namespaces = Math.round(resources / 110);
  const services = Math.round((resources * 2) / 11);
  return meshYaml({ namespaces, services, policies: resources - 2 * namespaces - 5 * services, ...options });
}

function namespace(name) {
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    istio-injection: enabled\n`,
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: ${name}\nspec:\n  mtls:\n    mode: STRICT\n`,
  ];
}

/** Plaintext to a STRICT server, a route to no subset, a policy that selects nothing, and an exception for a port that isn't there. */
const MISTAKES = [{ mode: 'DISABLE' }, { subset: 'v2' }, { selected: 'nobody' }, { port: '9091' }];

const PORTS = [
  '    - name: http\n      port: 80\n      targetPort: 8080\n',
  '    - name: tcp\n      port: 9000\n      targetPort: 9090\n',
];

function service(name, space, ports, { mode = 'ISTIO_MUTUAL', subset = 'v1', selected = name, port = '"9090"' }) {
  const metadata = `metadata:\n  name: ${name}\n  namespace: ${space}\n`;
  const host = `${name}.${space}.svc.cluster.local`;
  return [
    `apiVersion: v1\nkind: Service\n${metadata}spec:\n  selector:\n    app: ${name}\n  ports:\n${PORTS.slice(0, ports).join('')}`,
    `apiVersion: apps/v1\nkind: Deployment\n${metadata}spec:\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n        app: ${name}\n        version: v1\n    spec:\n      serviceAccountName: ${name}\n      containers:\n        - name: app\n          image: app:1\n          ports:\n            - containerPort: 8080\n            - containerPort: 9090\n`,
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\n${metadata}spec:\n  host: ${host}\n  trafficPolicy:\n    tls:\n      mode: ${mode}\n    connectionPool:\n      http:\n        maxRequestsPerConnection: 100\n  subsets:\n    - name: v1\n      labels:\n        version: v1\n`,
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${metadata}spec:\n  hosts:\n    - ${host}\n  http:\n    - route:\n        - destination:\n            host: ${host}\n            subset: ${subset}\n`,
    `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n${metadata}spec:\n  selector:\n    matchLabels:\n      app: ${selected}\n  mtls:\n    mode: STRICT\n  portLevelMtls:\n    ${port}:\n      mode: PERMISSIVE\n`,
  ];
}

function authorization(name, space) {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: ${name}\n  namespace: ${space}\nspec:\n  selector:\n    matchLabels:\n      app: ${name}\n  rules:\n    - from:\n        - source:\n            principals:\n              - cluster.local/ns/${space}/sa/${name}\n`;
}
