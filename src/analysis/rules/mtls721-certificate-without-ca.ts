import { shown } from '../../findings/safe-text';
import { caCertificates } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

/** Usages in cert-manager's words that limit the purposes of a certificate and of those below it. */
const PURPOSES = [
  'any', 'server auth', 'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user',
  'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
];

export const certificateWithoutCa: Rule = {
  code: 'MTLS721',
  name: 'certificate-without-ca',
  severity: 'error',
  title: 'A cert-manager Certificate can\'t be istiod\'s CA',
  reads: ['Certificate'],
  * find({ mesh }: Evidence) {
    for (const { object, isCa, usages } of caCertificates(mesh)) {
      if (!isCa) {
        yield {
          object,
          field: ['spec', 'isCA'],
          actual: 'not true',
          expected: 'true',
          because: 'istiod doesn\'t start: cert-manager issues a certificate that can\'t sign others',
          fix: 'set spec.isCA to true',
        };
      }
      const purposes = usages.filter((usage) => PURPOSES.includes(usage));
      if (purposes.length === 0 || purposes.includes('any') || (purposes.includes('server auth') && purposes.includes('client auth'))) {
        continue;
      }
      yield {
        object,
        field: ['spec', 'usages'],
        actual: shown(usages),
        expected: 'no extended key usages, or server auth and client auth among them',
        because: `${purposes.includes('server auth') ? 'istiod accepts it, but connections fail later' : 'istiod doesn\'t start'}: `
          + 'they apply to all certificates below, and workloads act as both servers and clients',
        fix: 'remove the extended key usages',
      };
    }
  },
};
