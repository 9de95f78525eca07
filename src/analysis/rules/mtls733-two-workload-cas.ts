import { asksIstioCsr, istioCsrs } from '../../mesh/certificates/workload-ca';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const twoWorkloadCas: Rule = {
  code: 'MTLS733',
  name: 'two-workload-cas',
  severity: 'warning',
  title: 'istiod signs beside istio-csr',
  reads: ['workload'],
  * find({ mesh, signingIstiods }: Evidence) {
    const [csr] = istioCsrs(mesh);
    for (const { deployment, field, signs, asked } of signingIstiods) {
      if (signs !== true || asked === undefined) continue;
      const isAsked = asksIstioCsr(asked);
      if (!isAsked && (csr === undefined || asked.value !== '')) continue;
      const asks = isAsked ? `proxies ask ${asked.value}, and who asks istiod gets a certificate of another root`
        : `${objectText(csr.deployment)} runs, and ${objectText(asked.at.object)} has proxies ask istiod: istio-csr signs nothing for them`;
      yield {
        object: deployment,
        field,
        actual: 'not false for ENABLE_CA_SERVER',
        expected: 'one CA for workloads',
        because: `${asks}; both write the root that they have into ConfigMap istio-ca-root-cert of every namespace`,
        fix: `set ENABLE_CA_SERVER to false${isAsked ? '' : ' and global.caAddress to istio-csr\'s address, or remove istio-csr'}`,
      };
    }
  },
};
