import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const noWorkloadCa: Rule = {
  code: 'MTLS732',
  name: 'no-workload-ca',
  severity: 'error',
  title: 'Proxies request certificates from an istiod that doesn\'t sign',
  reads: ['workload'],
  * find({ signingIstiods }: Evidence) {
    for (const { deployment, field, signs, asked } of signingIstiods) {
      if (signs !== false || asked?.value !== '') continue;
      yield {
        object: deployment,
        field,
        actual: 'false for ENABLE_CA_SERVER',
        expected: 'the address of another CA in global.caAddress, or true',
        because: `${objectText(asked.at.object)} names no other CA: proxies ask this istiod, which signs nothing, `
          + 'and no injected pod becomes ready',
        fix: 'set global.caAddress to the CA\'s address, such as cert-manager-istio-csr.cert-manager.svc:443; '
          + 'or set ENABLE_CA_SERVER to true',
      };
    }
  },
};
