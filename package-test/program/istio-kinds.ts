/** One of Istio's kinds, with a spec that an API server admits and one that breaks a rule in CEL of its CRD. */
export interface IstioKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly valid: object;
  readonly faulty: object;
  /** The code of the refusal of `faulty`. */
  readonly code: string;
}

const RATINGS = { matchLabels: { app: 'ratings' } };

export const ISTIO_KINDS: readonly IstioKind[] = [
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    kind: 'TrafficExtension',
    valid: { selector: RATINGS, wasm: { url: 'oci://registry.example/filter:1', vmConfig: { env: [{ name: 'ZONE', valueFrom: 'HOST' }] } } },
    faulty: {},
    code: 'ADMIT312',
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    kind: 'WasmPlugin',
    valid: { selector: RATINGS, url: 'registry.example/filter:1', vmConfig: { env: [{ name: 'MODE', value: 'strict' }] } },
    faulty: { url: 'ftp://registry.example/filter' },
    code: 'ADMIT308',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    valid: {
      host: 'ratings',
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' }, connectionPool: { tcp: { connectTimeout: '30ms' }, http: { idleTimeout: '1h30m' } } },
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    },
    faulty: { host: 'ratings', trafficPolicy: { connectionPool: { tcp: { connectTimeout: '999us' } } } },
    code: 'ADMIT306',
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    valid: {
      workloadSelector: { labels: { app: 'ratings' } },
      configPatches: [{ applyTo: 'CLUSTER', match: { context: 'SIDECAR_OUTBOUND' }, patch: { operation: 'MERGE', value: { name: 'outbound' } } }],
    },
    faulty: { configPatches: [{ match: { context: 'GATEWAY', waypoint: {} } }] },
    code: 'ADMIT313',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    valid: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop.example.com'], tls: { mode: 'SIMPLE', credentialName: 'shop' } }],
    },
    faulty: { servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['a.example'], tls: { mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] } }] },
    code: 'ADMIT310',
  },
  {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    valid: { selector: RATINGS, concurrency: 2, environmentVariables: { ZONE: 'a' } },
    faulty: { selector: { matchLabels: { app: 'rat*' } } },
    code: 'ADMIT302',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    valid: {
      hosts: ['bank.example.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      endpoints: [{ address: '192.0.2.7', ports: { tls: 8443 } }],
    },
    faulty: { hosts: ['*'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] },
    code: 'ADMIT318',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    valid: {
      workloadSelector: { labels: { app: 'ratings' } },
      egress: [{ hosts: ['./*', 'istio-system/*'] }],
      inboundConnectionPool: { http: { idleTimeout: '10s' } },
    },
    faulty: { workloadSelector: { labels: { app: '*' } } },
    code: 'ADMIT302',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    valid: {
      hosts: ['ratings'],
      http: [{ timeout: '5s', retries: { attempts: 2, perTryTimeout: '1s' }, route: [{ destination: { host: 'ratings', subset: 'v1' } }] }],
    },
    faulty: { hosts: ['ratings'], http: [{ timeout: '0s', route: [{ destination: { host: 'ratings' } }] }] },
    code: 'ADMIT306',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    valid: { address: 'unix:///var/run/ratings.sock', labels: { app: 'vm' } },
    faulty: { address: 'vm.example.com', ports: { 'a.b': 80 } },
    code: 'ADMIT316',
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    valid: { template: { serviceAccount: 'vm', ports: { http: 8080 } }, probe: { httpGet: { port: 8080, scheme: 'HTTPS', path: '/' } } },
    faulty: { template: {}, probe: { httpGet: { port: 8080, scheme: 'http' } } },
    code: 'ADMIT324',
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    valid: { selector: RATINGS, action: 'ALLOW', rules: [{ from: [{ source: { serviceAccounts: ['web'] } }], to: [{ operation: { methods: ['GET'] } }] }] },
    faulty: { rules: [{ from: [{ source: { serviceAccounts: ['web'], principals: ['*'] } }] }] },
    code: 'ADMIT325',
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    valid: { selector: RATINGS, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
    faulty: { portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } },
    code: 'ADMIT305',
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    valid: { selector: RATINGS, jwtRules: [{ issuer: 'https://id.example.com', jwksUri: 'https://id.example.com/jwks.json' }] },
    faulty: { jwtRules: [{ issuer: 'https://id.example.com', jwksUri: 'ftp://id.example.com/jwks.json' }] },
    code: 'ADMIT309',
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    valid: { selector: RATINGS, metrics: [{ providers: [{ name: 'prometheus' }], overrides: [{ tagOverrides: { zone: { operation: 'UPSERT', value: "'a'" } } }] }] },
    faulty: { metrics: [{ overrides: [{ tagOverrides: { zone: { operation: 'UPSERT' } } }] }] },
    code: 'ADMIT327',
  },
];
