// Long names, values and texts of other languages: regular expressions, CEL, JSON Web Keys, JSON in annotations.
import { deployment, documents, namespace, object, service, SHOP, times } from '../objects.mjs';

const long = (n) => 'a'.repeat(n);
const route = (match) => ({ hosts: ['web.shop.svc.cluster.local'], http: [{ match: [match], route: [{ destination: { host: 'web' } }] }] });
const regex = (text) => object('VirtualService', 'v', route({ uri: { regex: text } }));

export const TEXTS = [
  { name: 'a long name', make: (n) => documents(SHOP, object('DestinationRule', long(n), { host: 'web' })) },
  { name: 'a long name of a Gateway', make: (n) => documents(SHOP, object('Gateway', `${'a-.'.repeat(n)}`, { servers: [] })) },
  { name: 'a long host', make: (n) => documents(SHOP, object('DestinationRule', 'r', { host: long(n) }), object('VirtualService', 'v', { hosts: [`${'a.'.repeat(n)}b`], http: [] })) },
  { name: 'a long principal', make: (n) => documents(SHOP, object('AuthorizationPolicy', 'a', { rules: [{ from: [{ source: { principals: [`cluster.local/ns/${'a/'.repeat(n)}`] } }] }] })) },
  { name: 'a long URL', make: (n) => documents(SHOP, object('RequestAuthentication', 'r', { jwtRules: [{ issuer: long(n), jwksUri: `https://example.com/${'%20a/'.repeat(n)}` }] })) },
  { name: 'a long path template', make: (n) => documents(SHOP, object('AuthorizationPolicy', 'a', { rules: [{ to: [{ operation: { paths: [`/${'{*}/'.repeat(n)}`] } }] }] })) },
  { name: 'a long regular expression of letters', make: (n) => documents(SHOP, regex(long(n))) },
  { name: 'a regular expression of nested groups', make: (n) => documents(SHOP, regex(`${'('.repeat(n)}${')'.repeat(n)}`)) },
  { name: 'a regular expression of alternatives', make: (n) => documents(SHOP, regex('a|'.repeat(n))) },
  { name: 'a regular expression of classes', make: (n) => documents(SHOP, regex('[a-z]'.repeat(n))) },
  { name: 'a regular expression of repeats', make: (n) => documents(SHOP, regex('a{2}'.repeat(n))) },
  { name: 'a regular expression of named groups', make: (n) => documents(SHOP, regex(times(n, (index) => `(?P<n${index}>a)`).join(''))) },
  { name: 'a regular expression of escapes', make: (n) => documents(SHOP, regex('\\pL\\Q'.repeat(n))) },
  { name: 'JSON Web Keys', make: (n) => documents(SHOP, object('RequestAuthentication', 'r', { jwtRules: [{ issuer: 'a', jwks: JSON.stringify({ keys: times(n, (index) => ({ kty: 'RSA', kid: `k${index}`, e: 'AQAB', n: 'AQAB' })) }) }] })) },
  { name: 'many ports in an annotation', make: (n) => documents(SHOP, deployment('d', { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': times(n, (index) => index % 60000).join(',') } })) },
  { name: 'spaces in a text', make: (n) => documents(SHOP, object('PeerAuthentication', 'p', { mtls: { mode: `STRICT${' '.repeat(n)}x` } }), service('s', { ports: [{ name: ' '.repeat(n), port: 80 }] })) },
  { name: 'PEM certificates of cacerts', make: (n) => documents(SHOP, object('Secret', 'cacerts', undefined, { namespace: 'istio-system', apiVersion: 'v1', stringData: { 'root-cert.pem': '-----BEGIN CERTIFICATE-----\naaaa\n-----END CERTIFICATE-----\n'.repeat(n) } })) },
];
