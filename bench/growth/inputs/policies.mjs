// Many policies, workloads, containers and labels: what servers go by.
import { deployment, documents, namespace, object, service, SHOP, times } from '../objects.mjs';

const peer = (name, spec, meta) => object('PeerAuthentication', name, { mtls: { mode: 'STRICT' }, ...spec }, meta);
const authorization = (name, spec, meta) => object('AuthorizationPolicy', name, spec, meta);
const select = (app) => ({ selector: { matchLabels: { app } } });
const principal = (index) => `cluster.local/ns/shop/sa/s${index}`;
const from = (principals) => [{ from: [{ source: { principals } }] }];

export const POLICIES = [
  { name: 'PeerAuthentications of a namespace', make: (n) => documents(SHOP, times(n, (index) => peer(`p${index}`))) },
  { name: 'PeerAuthentications of one workload', make: (n) => documents(SHOP, times(n, (index) => peer(`p${index}`, select('web')))) },
  { name: 'PeerAuthentications and workloads, one each', make: (n) => documents(SHOP, times(n, (index) => [deployment(`d${index}`), service(`d${index}`), peer(`p${index}`, select(`d${index}`))])) },
  { name: 'PeerAuthentications and workloads, all of one selector', make: (n) => documents(namespace(), service('web'), times(n, (index) => [deployment(`d${index}`, { app: 'web' }), peer(`p${index}`, select('web'))])) },
  { name: 'ports of a PeerAuthentication', make: (n) => documents(SHOP, peer('p', { ...select('web'), portLevelMtls: Object.fromEntries(times(n, (index) => [`${index + 1}`, { mode: 'DISABLE' }])) })) },
  { name: 'AuthorizationPolicies of one workload', make: (n) => documents(SHOP, peer('p'), times(n, (index) => authorization(`a${index}`, { ...select('web'), rules: from([principal(index)]) }))) },
  { name: 'AuthorizationPolicies of a namespace, and workloads', make: (n) => documents(namespace(), times(n, (index) => [deployment(`d${index}`), service(`d${index}`), authorization(`a${index}`, { rules: from([principal(index)]) })])) },
  { name: 'AuthorizationPolicies of mistyped service accounts', make: (n) => documents(namespace(), times(n, (index) => [deployment(`d${index}`, { pod: { serviceAccountName: `account-${index}` } }), authorization(`a${index}`, { rules: from([`cluster.local/ns/shop/sa/acount-${index}`]) })])) },
  { name: 'principals of an AuthorizationPolicy', make: (n) => documents(SHOP, authorization('a', { ...select('web'), rules: from(times(n, principal)) })) },
  { name: 'paths and ports of an AuthorizationPolicy', make: (n) => documents(SHOP, authorization('a', { rules: [{ to: times(n, (index) => ({ operation: { paths: [`/a${index}`], ports: [`${(index % 60000) + 1}`] } })) }] })) },
  { name: 'JWT rules of a RequestAuthentication', make: (n) => documents(SHOP, object('RequestAuthentication', 'r', { jwtRules: times(n, (index) => ({ issuer: `https://i${index}.example.com`, jwksUri: `https://i${index}.example.com/keys` })) })) },
  { name: 'containers of a pod', make: (n) => documents(SHOP, deployment('d', { containers: times(n, (index) => ({ name: `c${index}`, image: 'app', ports: [{ name: `p${index}`, containerPort: (index % 60000) + 1 }], livenessProbe: { httpGet: { port: `p${index}` } } })) })) },
  { name: 'labels of a workload and of the selector', make: (n) => {
    const labels = Object.fromEntries(times(n, (index) => [`l${index}`, 'a']));
    return documents(namespace(), object('Service', 'web', { selector: labels, ports: [{ name: 'http', port: 80 }] }), deployment('web', { labels }), peer('p', { selector: { matchLabels: labels } }));
  } },
  { name: 'namespaces, with a policy each', make: (n) => documents(times(n, (index) => [namespace(`ns-${index}`), peer('default', {}, { namespace: `ns-${index}` })])) },
];
