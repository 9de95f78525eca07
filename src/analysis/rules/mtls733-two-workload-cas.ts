import { asksIstioCsr, istioCsrs } from '../../mesh/certificates/workload-ca';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const twoWorkloadCas: Rule = {
  code: 'MTLS733',
  name: 'two-workload-cas',
  severity: 'warning',
  title: 'Both istiod and istio-csr sign certificates',
  reads: ['workload'],
  * find({ mesh, signingIstiods }: Evidence) {
    const [csr] = istioCsrs(mesh);
    for (const { deployment, field, signs, asked } of signingIstiods) {
      if (signs !== true || asked === undefined) continue;
      const isAsked = asksIstioCsr(asked);
      if (!isAsked && (csr === undefined || asked.value !== '')) continue;
      const asks = isAsked ? `proxies ask ${asked.value}, and clients of istiod get a certificate of another root`
        : `${objectText(csr.deployment)} is running, but ${objectText(asked.at.object)} makes proxies ask istiod: `
          + 'istio-csr signs nothing for them';
      yield {
        object: deployment,
        field,
        actual: 'not false for ENABLE_CA_SERVER',
        expected: 'one CA for workloads',
        because: `${asks}; both write their root to ConfigMap istio-ca-root-cert in every namespace`,
        fix: `set ENABLE_CA_SERVER to false${isAsked ? '' : ' and global.caAddress to istio-csr\'s address, or remove istio-csr'}`,
      };
    }
  },
};
