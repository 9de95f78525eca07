// Long mesh configs, and namespaces beside their lists.
import { deployment, documents, namespace, service, SHOP, times, yaml } from '../objects.mjs';

const meshConfig = (config) => yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: yaml(config) } });

export const MESH_CONFIGS = [
  { name: 'providers of a mesh config', make: (n) => documents(SHOP, meshConfig({ extensionProviders: times(n, (index) => ({ name: `p${index}`, envoyExtAuthzHttp: { service: 'a.example.com', port: 80 } })) })) },
  { name: 'unknown fields of a mesh config', make: (n) => documents(SHOP, meshConfig(Object.fromEntries(times(n, (index) => [`field${index}`, 1])))) },
  { name: 'discovery selectors, and namespaces', make: (n) => documents(meshConfig({ discoverySelectors: times(n, (index) => ({ matchLabels: { team: `t${index}` } })) }),
    times(n, (index) => [namespace(`ns-${index}`, { 'istio-injection': 'enabled', team: `t${n - 1 - index}` }), service('s', {}, { namespace: `ns-${index}` }), deployment('s', {}, { namespace: `ns-${index}` })])) },
  { name: 'aliases of the trust domain, and services', make: (n) => documents(namespace(), meshConfig({ trustDomainAliases: times(n, (index) => `d${index}.example.com`) }),
    times(n, (index) => [service(`s${index}`), deployment(`s${index}`, { pod: { serviceAccountName: `s${index}` } })])) },
  { name: 'a mesh config that is a long text', make: (n) => documents(SHOP, meshConfig({ rootNamespace: 'a'.repeat(n) })) },
];
