import { shown } from '../../findings/safe-text';
import { istioCsrs } from '../../mesh/certificates/workload-ca';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const otherTrustDomain: Rule = {
  code: 'MTLS735',
  name: 'other-trust-domain',
  severity: 'error',
  title: 'istio-csr signs for a different trust domain than the mesh\'s',
  reads: ['workload'],
  * find({ mesh }: Evidence) {
    const configs = [...mesh.configs.revisions].map((revision) => mesh.configs.of(revision));
    if (configs.length === 0) return;
    for (const { deployment, field, trustDomain } of istioCsrs(mesh)) {
      if (trustDomain === undefined || configs.some((config) => config.trustDomain === trustDomain)) continue;
      const [{ trustDomain: ofMesh, object }] = configs;
      yield {
        object: deployment,
        field,
        actual: `trust domain ${shown(trustDomain)}`,
        expected: `${shown(ofMesh)}, that of ${objectText(object!)}`,
        because: 'proxies request identities in the mesh\'s trust domain, and istio-csr rejects identities outside its own: '
          + 'no proxy gets a certificate',
        fix: `set app.tls.trustDomain of its chart to ${shown(ofMesh)}`,
      };
    }
  },
};
