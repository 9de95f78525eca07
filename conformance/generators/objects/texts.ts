// What texts are written into objects: fitting ones by the field's name, and odd ones that rules turn on.
import { type Draw } from './draw';
import type { CrdSchema } from '../../../src/admission/crds';

const PORTS = ['80', '443', '8080', '9090'];
const HOSTS = ['reviews', 'reviews.shop.svc.cluster.local', 'api.example.com', '*.example.com', 'ratings.default.svc.cluster.local'];
const LABELS = ['v1', 'v2', 'reviews', 'shop', ''];
const PATHS = ['/', '/api', '/api/v1', '/healthz'];
const NAMES = ['reviews', 'http', 'v1', 'default', 'tcp-port'];
const FILES = ['/etc/certs/tls.crt', '/etc/certs/tls.key', '/etc/certs/ca.crt'];
const ADDRESSES = ['10.0.0.1', '192.168.0.0/16', '2001:db8::1', '10.1.0.0/24'];
const NAMESPACES = ['default', 'shop', 'istio-system', 'prod'];
const DURATIONS = ['1s', '300ms', '1m30s', '1h', '0.5s', '10s'];
const PRINCIPALS = ['cluster.local/ns/default/sa/sleep', '*', 'cluster.local/*', '*/sa/x'];

const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  host: HOSTS, hosts: HOSTS, domain: HOSTS, domainName: ['example.com'], sniHosts: ['api.example.com', '*.example.com'], sni: ['api.example.com'],
  targetHost: ['api.example.com', '10.0.0.1'], gateways: ['mesh', 'gateway', 'istio-system/gateway'], gateway: ['gateway', 'istio-system/gateway'],
  exportTo: ['.', '*', 'shop', '~'], namespace: NAMESPACES, namespaces: NAMESPACES, notNamespaces: NAMESPACES, sourceNamespace: NAMESPACES,
  subset: ['v1', 'v2'], ports: PORTS, notPorts: PORTS, protocol: ['HTTP', 'HTTPS', 'TCP', 'TLS', 'GRPC', 'HTTP2', 'MONGO', 'CONNECT', 'POST'],
  address: ['10.0.0.1', '2001:db8::1', 'vm.example.com', 'unix:///var/run/vm.sock', '192.168.1.7'], addresses: ADDRESSES,
  ipBlocks: ADDRESSES, notIpBlocks: ADDRESSES, remoteIpBlocks: ADDRESSES, notRemoteIpBlocks: ADDRESSES,
  destinationSubnets: ADDRESSES, sourceSubnet: ADDRESSES,
  bind: ['0.0.0.0', '127.0.0.1', 'unix:///var/run/x.sock'], defaultEndpoint: ['127.0.0.1:8080', '0.0.0.0:8080', 'unix:///var/run/app.sock', '[::1]:8080'],
  locality: ['us-east-1/a/b', 'us-east-1', 'eu/*'], from: ['us-east-1', 'us-east-1/*', 'eu'], to: ['eu', 'us-west', 'us-west/*'],
  failoverPriority: ['topology.kubernetes.io/region', 'topology.istio.io/network', 'key=value'],
  uri: PATHS, prefix: PATHS, path: PATHS, paths: ['/api', '/api/*', '*/x', '/{*}/a', '/a/{**}'], notPaths: PATHS, prefixRewrite: PATHS, rewrite: ['/x', '/\\1'],
  exact: ['/api', 'x'], regex: ['.*', '^/api/[a-z]+$', 'a|b'], match: ['^/a/(.*)$', 'x', 'request.path == "/a"'],
  methods: ['GET', 'POST', '*'], notMethods: ['GET'], allowMethods: ['GET', 'PUT'], allowHeaders: ['x-a'], exposeHeaders: ['x-a'], allowOrigin: ['https://example.com', '*'],
  principals: PRINCIPALS, notPrincipals: PRINCIPALS, requestPrincipals: ['issuer/subject', '*'], notRequestPrincipals: ['issuer/*'],
  serviceAccounts: ['default/sleep', 'sleep'], notServiceAccounts: ['shop/web'], trustDomains: ['cluster.local', '*.local'], notTrustDomains: ['old.local'],
  key: ['request.headers[x-a]', 'source.ip', 'request.auth.claims[iss]', 'destination.port', 'connection.sni', 'source.namespace', 'env'],
  values: ['80', '10.0.0.0/8', 'a', '*'], notValues: ['b', '443'],
  group: ['', 'gateway.networking.k8s.io', 'networking.istio.io'], kind: ['Gateway', 'Service', 'ServiceEntry'],
  issuer: ['https://issuer.example.com'], jwksUri: ['https://issuer.example.com/jwks.json', 'http://issuer:8080/keys'], jwks_uri: ['https://issuer.example.com/jwks.json'],
  jwks: ['{"keys":[]}', '{"keys":[{"kty":"RSA","e":"AQAB","n":"AQAB"}]}'], header: ['x-jwt', 'Authorization'], outputPayloadToHeader: ['x-payload'], claim: ['sub', 'a.b'],
  url: ['oci://registry.example.com/filter:1', 'https://example.com/filter.wasm', 'file:///filter.wasm', 'registry.example.com/filter'],
  sha256: ['', 'a'.repeat(64)], pluginName: ['plugin'], imagePullSecret: ['pull'], verificationKey: ['key'], inlineCode: ['function envoy_on_request(h) end'],
  clientCertificate: FILES, privateKey: FILES, caCertificates: FILES, serverCertificate: FILES, caCrl: ['/etc/certs/crl.pem'],
  credentialName: ['credential', 'configmap://shop/name'], credentialNames: ['credential'], caCertCredentialName: ['ca'],
  subjectAltNames: ['spiffe://cluster.local/ns/a/sa/b', 'example.com'], cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384', 'AES128-SHA'],
  verifyCertificateSpki: ['aGFzaA=='], verifyCertificateHash: ['ab:cd'], expression: ['response.code >= 400', 'has(request.headers)'],
  retryOn: ['5xx', 'gateway-error,connect-failure', '503'], authority: ['api.example.com'], grpcStatus: ['UNAVAILABLE'], http2Error: ['x'],
  bytes: ['aGVsbG8='], string: ['body'], ttl: ['0s', '10s'], maxAge: ['24h', '10s'], warmupDurationSecs: ['10s'], scheme: ['HTTP', 'HTTPS'],
  network: ['network-1', ''], serviceAccount: ['default', 'sa'], portName: ['http'], proxyVersion: ['^1\\.3.*'], name: NAMES, service: HOSTS, imageType: ['distroless', 'debug'],
  defaultValue: ['none'], environmentVariables: ['x'], command: ['ls'], applicationProtocols: ['http/1.1'], transportProtocol: ['tls'], value: ['x', 'a value'],
};

/** Where a kind means something else by a name. */
const BY_KIND: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Sidecar: { hosts: ['./*', '*/*', 'shop/*', '*/api.example.com', './reviews.default.svc.cluster.local', '~/*'], protocol: ['HTTP', 'TCP', 'HTTPS', 'TLS'] },
  Gateway: { hosts: ['*', 'api.example.com', 'shop/*.example.com', './api.example.com', '*/a.example.com'], protocol: ['HTTP', 'HTTP', 'HTTPS', 'TLS', 'TCP', 'GRPC'] },
  ServiceEntry: { hosts: ['api.example.com', 'db.example.com', '*.example.com'], protocol: ['HTTP', 'TCP', 'TLS', 'HTTPS'] },
  DestinationRule: { protocol: ['CONNECT', 'POST'], exportTo: ['.', '*', 'shop'] },
  AuthorizationPolicy: { hosts: ['api.example.com', '*.example.com', 'a*'] },
};

/** A text that fits a field of that name more often than not; a map's values go by the map's name. */
export function fittingText(draw: Draw, kind: string, name: string, schema: CrdSchema): string {
  const isDuration = schema['x-kubernetes-validations']?.some(({ rule }) => rule.includes('duration('));
  const own = BY_KIND[kind]?.[name];
  return draw.pick(isDuration ? DURATIONS : own ?? (Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : LABELS));
}

/** The key of a map's entry. */
export function fittingKey(draw: Draw, name: string): string {
  if (name === 'portLevelMtls') return draw.pick(PORTS);
  if (name === 'to' || name === 'distribute') return draw.pick(['us-east-1/*', 'eu/*']);
  return draw.pick(['app', 'version', 'istio.io/rev', 'x-header', 'http', 'env']);
}

/** Texts on which rules turn. */
export const ODD_TEXTS = [
  '', ' ', '*', '.', '~', '-', '/', '*.', '*.com', '*a', 'a*', 'a*b', '*/*', '*/', './*', 'a/b/c', 'UPPER', 'under_score', 'a..b', '-a', 'a-', 'a b', 'ü', '😀', '\u0000', 'a\nb',
  '0', '1', '-1', '80', '65535', '65536', '080', '+80', '0x50', '1.5', '1e3', '99999999999', 'null', 'true', 'NaN',
  '0s', '1ms', '0.5ms', '1ns', '-1s', '1', '1h30m', '1.5s', '100us', '1d', '9999999h', '.5s', '1.s', '1h 1m', '315576000001s',
  '1.2.3.4', '1.2.3.4/32', '1.2.3.4/33', '::1', '::/0', '[::1]:80', '127.0.0.1:80', '1.2.3', '01.2.3.4', '1.2.3.4:99999',
  'unix://', 'unix:///', 'unix:///a', 'unix://@a', 'unix:///a/', 'unix://a', 'http://', 'https://a', 'http://a:b', 'ftp://a', 'oci://a', '://', 'file://', 'HTTP://a', 'http://a b', '%zz',
  '[', '(', 'a{1001}', '(?=a)', '\\', '[[:alpha:]]', '(?i)a', '^$', 'a**', '%', '%%', '%A%', '{*}', '/{**}/{*}', '/a/{*}/{**}', '{', 'a'.repeat(64), 'a'.repeat(254), 'a'.repeat(1025),
  'a.b.c', 'a.b.c.', 'reviews.default', 'x.svc.cluster.local', 'istio-system/gw', 'ns/', '/gw', 'a/*', '*/a.com', '~/*', 'ns/*.com', 'spiffe://td/ns/a/sa/b', 'a=b', 'a=', '=b',
  'HTTP', 'http', 'HTTP/2', 'TLS', 'SNI', 'GET', 'configmap://a/b', 'configmap://', 'kubernetes://a', 'outbound|80||a.b', ':authority', ':path', 'Host', 'host', 'x-a', 'X A',
  '{"keys":[]}', '{"keys":[{}]}', '{', 'request.headers[:x]', 'request.headers[x]', 'experimental.envoy.filters.a[b]', 'source.principal', 'a == b', 'size(', '5xx,foo', '200', '999',
];
