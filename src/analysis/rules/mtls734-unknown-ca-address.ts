import { shown } from '../../findings/safe-text';
import { serviceAt } from '../../mesh/certificates/workload-ca';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const unknownCaAddress: Rule = {
  code: 'MTLS734',
  name: 'unknown-ca-address',
  severity: 'error',
  title: 'Proxies request certificates from a Service that doesn\'t exist',
  reads: ['ConfigMap'],
  * find({ mesh: { registry, coverage }, signingIstiods }: Evidence) {
    // Several istiods may share a ConfigMap.
    const addresses = new Map(signingIstiods.flatMap(({ asked }) => (asked ? [[asked.at.object, asked] as const] : [])));
    for (const { value, at } of addresses.values()) {
      const named = serviceAt(value);
      if (!named) continue;
      const { name, namespace, port } = named;
      const service = registry.kubernetesService(registry.hostOf(name, namespace));
      // A Service without ports is an alias of a name elsewhere.
      const isThere = service && (service.ports.length === 0 || service.ports.some(({ number }) => number === port));
      if (isThere || (!service && !coverage.holdsServicesOf(namespace))) continue;
      const missing = service ? `Service ${namespace}/${name} has no port ${port}` : `namespace ${namespace} has no Service ${name}`;
      yield {
        ...at,
        actual: shown(value),
        expected: 'the address of an existing CA',
        because: `${missing}: no proxy gets a certificate, and no injected pod becomes ready`,
        fix: service
          ? `use one of its ports: ${service.ports.map(({ number }) => number).join(', ')}`
          : 'install the CA first, or correct the address',
      };
    }
  },
};
