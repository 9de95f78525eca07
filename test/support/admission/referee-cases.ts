interface RefereeCase {
  readonly about: string;
  readonly kind: string;
  readonly spec?: unknown;
  /** Fields other than spec. */
  readonly more?: object;
  /** The fields that the API server refuses; empty when it admits the object. */
  readonly refused: readonly string[];
}

const tls = (settings: unknown) => ({ host: 'a', trafficPolicy: { tls: settings } });
const pool = (http: unknown) => ({ host: 'a', trafficPolicy: { connectionPool: { http } } });
const PORTS = [{ number: 80, name: 'http' }];

/** Objects, and the response of a kube-apiserver with Istio's CRDs. */
export const REFEREE_CASES: readonly RefereeCase[] = [
  { about: 'a policy with everything', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'DISABLE' } } }, refused: [] },
  { about: 'no spec', kind: 'PeerAuthentication', refused: [] },
  { about: 'spec null', kind: 'PeerAuthentication', spec: null, refused: [] },
  { about: 'an empty spec', kind: 'PeerAuthentication', spec: {}, refused: [] },
  { about: 'no spec where it is required', kind: 'WorkloadEntry', refused: ['spec'] },
  { about: 'spec null where it is required', kind: 'WorkloadEntry', spec: null, refused: ['spec'] },
  { about: 'a spec that is a list', kind: 'PeerAuthentication', spec: [], refused: ['spec'] },

  { about: 'an unknown field', kind: 'PeerAuthentication', spec: { mtls: { mod: 'STRICT' } }, refused: ['spec.mtls.mod'] },
  { about: 'unknown fields in a list', kind: 'DestinationRule', spec: { host: 'a', subsets: [{ name: 'v1' }, { name: 'v2', label: {} }] }, refused: ['spec.subsets[1].label'] },
  { about: 'an unknown field that is null', kind: 'PeerAuthentication', spec: { peers: null }, refused: ['spec.peers'] },
  { about: 'fields that the article invents', kind: 'DestinationRule', spec: tls({ mode: 'ISTIO_MUTUAL', maxSessionAge: '300s', maxSessionAgeGrace: '50s' }), refused: ['spec.trafficPolicy.tls.maxSessionAge', 'spec.trafficPolicy.tls.maxSessionAgeGrace'] },
  { about: 'an unknown field at the top', kind: 'PeerAuthentication', spec: {}, more: { data: {} }, refused: ['data'] },
  { about: 'an unknown field where everything is kept', kind: 'EnvoyFilter', spec: { configPatches: [{ patch: { value: { whatever: [null, { x: 1 }] } } }] }, refused: [] },
  { about: 'status is dropped, whatever its types', kind: 'PeerAuthentication', spec: {}, more: { status: { conditions: 5, whatever: 1 } }, refused: [] },
  { about: 'status is no object', kind: 'PeerAuthentication', spec: {}, more: { status: 5 }, refused: [] },
  { about: 'an unknown field deep in status', kind: 'PeerAuthentication', spec: {}, more: { status: { conditions: [{ typo: 1 }] } }, refused: ['status.conditions[0].typo'] },

  { about: 'null counts as absent', kind: 'PeerAuthentication', spec: { mtls: { mode: null }, selector: null }, refused: [] },
  { about: 'null where it is allowed', kind: 'DestinationRule', spec: { host: 'a', trafficPolicy: { outlierDetection: { consecutive5xxErrors: null } } }, refused: [] },
  { about: 'null where a field is required', kind: 'DestinationRule', spec: { host: null }, refused: ['spec.host'] },
  { about: 'null in a list', kind: 'DestinationRule', spec: { host: 'a', exportTo: [null] }, refused: ['spec.exportTo[0]'] },
  { about: 'null in a map leaves it empty', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { 8080: null } }, refused: ['spec.portLevelMtls'] },

  { about: 'a wrong type', kind: 'PeerAuthentication', spec: { mtls: 'STRICT' }, refused: ['spec.mtls'] },
  { about: 'a number where a string belongs', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { version: 1 } } }, refused: ['spec.selector.matchLabels.version'] },
  { about: 'a boolean word in quotes', kind: 'DestinationRule', spec: tls({ mode: 'SIMPLE', insecureSkipVerify: 'true' }), refused: ['spec.trafficPolicy.tls.insecureSkipVerify'] },
  { about: 'a whole number written as 1.0', kind: 'DestinationRule', spec: pool({ maxRetries: 1.0 }), refused: [] },
  { about: 'a number that isn\'t whole', kind: 'DestinationRule', spec: pool({ maxRetries: 1.5 }), refused: ['spec.trafficPolicy.connectionPool.http.maxRetries'] },
  { about: 'more than 32 bits', kind: 'DestinationRule', spec: pool({ maxRetries: 2147483648 }), refused: ['spec.trafficPolicy.connectionPool.http.maxRetries'] },
  { about: 'a whole number that a double can\'t hold exactly', kind: 'WorkloadEntry', spec: { address: '1.2.3.4', ports: { http: 9007199254740992 } }, refused: ['spec.ports.http', 'spec.ports.http'] },
  { about: 'a word in the wrong case', kind: 'PeerAuthentication', spec: { mtls: { mode: 'strict' } }, refused: ['spec.mtls.mode'] },
  { about: 'a label value of 64 characters', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'x'.repeat(64) } } }, refused: ['spec.selector.matchLabels.app'] },
  { about: 'characters count, not UTF-16 units', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: '😀'.repeat(40) } } }, refused: [] },
  { about: 'two of a oneOf', kind: 'DestinationRule', spec: { host: 'a', trafficPolicy: { loadBalancer: { simple: 'RANDOM', consistentHash: { useSourceIp: true } } } }, refused: ['spec.trafficPolicy.loadBalancer'] },
  { about: 'one of a oneOf, the other null', kind: 'DestinationRule', spec: { host: 'a', trafficPolicy: { loadBalancer: { simple: 'RANDOM', consistentHash: null } } }, refused: [] },
  { about: 'bytes that aren\'t base64', kind: 'VirtualService', spec: { http: [{ directResponse: { status: 200, body: { bytes: 'a' } } }] }, refused: ['spec.http[0].directResponse.body.bytes'] },
  { about: 'two ports of one name', kind: 'ServiceEntry', spec: { hosts: ['a.b'], ports: [...PORTS, { number: 81, name: 'http' }] }, refused: ['spec.ports[1]'] },

  { about: 'ports without a selector', kind: 'PeerAuthentication', spec: { portLevelMtls: { 8080: { mode: 'DISABLE' } } }, refused: ['spec'] },
  { about: 'no ports and no selector: both are told', kind: 'PeerAuthentication', spec: { portLevelMtls: {} }, refused: ['spec.portLevelMtls', 'spec'] },
  { about: 'port 0', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { 0: {} } }, refused: ['spec.portLevelMtls'] },
  { about: 'port +5 is a number to CEL', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { '+5': {} } }, refused: [] },
  { about: 'a port that is no number', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { http: {} } }, refused: ['spec.portLevelMtls'] },
  { about: 'a wildcard in a label', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { app: 'a*' } } }, refused: ['spec.selector.matchLabels.app'] },
  { about: 'an empty label name', kind: 'PeerAuthentication', spec: { selector: { matchLabels: { '': 'a' } } }, refused: ['spec.selector.matchLabels'] },
  { about: 'a duration below 1ms', kind: 'DestinationRule', spec: pool({ idleTimeout: '999us' }), refused: ['spec.trafficPolicy.connectionPool.http.idleTimeout'] },
  { about: 'a duration without a unit', kind: 'DestinationRule', spec: pool({ idleTimeout: '10' }), refused: ['spec.trafficPolicy.connectionPool.http.idleTimeout'] },
  { about: 'a duration in days', kind: 'DestinationRule', spec: pool({ idleTimeout: '1d' }), refused: ['spec.trafficPolicy.connectionPool.http.idleTimeout'] },
  { about: 'a duration beyond 292 years', kind: 'DestinationRule', spec: pool({ idleTimeout: '3000000h' }), refused: ['spec.trafficPolicy.connectionPool.http.idleTimeout'] },
  { about: 'a duration with a Greek mu', kind: 'DestinationRule', spec: pool({ idleTimeout: '1000000μs' }), refused: [] },
  { about: 'rules don\'t run on what has a wrong type', kind: 'DestinationRule', spec: { host: 5, trafficPolicy: { connectionPool: { http: { idleTimeout: '1d' } } } }, refused: ['spec.host'] },
  { about: 'a socket\'s address', kind: 'WorkloadEntry', spec: { address: 'unix:///tmp/s' }, refused: [] },
  { about: 'a socket without a path', kind: 'WorkloadEntry', spec: { address: 'unix://' }, refused: ['spec.address', 'spec.address'] },
  { about: 'no address, but a network', kind: 'WorkloadEntry', spec: { network: 'n' }, refused: [] },
  { about: 'one port number twice', kind: 'ServiceEntry', spec: { hosts: ['a.b'], ports: [...PORTS, { number: 80, name: 'h2' }] }, refused: ['spec.ports'] },
  { about: 'a wasm image without scheme', kind: 'WasmPlugin', spec: { url: 'registry/image:1' }, refused: [] },
  { about: 'a wasm image by ftp', kind: 'WasmPlugin', spec: { url: 'ftp://registry/image' }, refused: ['spec.url'] },
  { about: 'keys from a path', kind: 'RequestAuthentication', spec: { jwtRules: [{ issuer: 'a', jwksUri: '/keys' }] }, refused: ['spec.jwtRules[0].jwksUri'] },
  { about: 'UPSERT without a value', kind: 'Telemetry', spec: { metrics: [{ overrides: [{ tagOverrides: { a: { operation: 'UPSERT' } } }] }] }, refused: ['spec.metrics[0].overrides[0].tagOverrides.a'] },
];
