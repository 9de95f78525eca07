import { shown } from '../../findings/safe-text';
import { serviceAt } from '../../mesh/certificates/workload-ca';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const unknownCaAddress: Rule = {
  code: 'MTLS734',
  name: 'unknown-ca-address',
  severity: 'error',
  title: 'Proxies ask a Service for certificates that isn\'t there',
  reads: ['ConfigMap'],
  * find({ mesh: { registry, coverage }, signingIstiods }: Evidence) {
    // The same ConfigMap may be that of several istiods.
    const addresses = new Map(signingIstiods.flatMap(({ asked }) => (asked ? [[asked.at.object, asked] as const] : [])));
    for (const { value, at } of addresses.values()) {
      const named = serviceAt(value);
      if (!named) continue;
      const { name, namespace, port } = named;
      const service = registry.kubernetesService(registry.hostOf(name, namespace));
      // One without ports stands for a name elsewhere.
      const isThere = service && (service.ports.length === 0 || service.ports.some(({ number }) => number === port));
      if (isThere || (!service && !coverage.holdsServicesOf(namespace))) continue;
      const missing = service ? `Service ${namespace}/${name} has no port ${port}` : `namespace ${namespace} has no Service ${name}`;
      yield {
        ...at,
        actual: shown(value),
        expected: 'the address of a CA that is there',
        because: `${missing}: no proxy gets a certificate, and no pod that is injected becomes ready`,
        fix: service ? `write one of its ports: ${service.ports.map(({ number }) => number).join(', ')}` : 'install the CA first, or correct the address',
      };
    }
  },
};
