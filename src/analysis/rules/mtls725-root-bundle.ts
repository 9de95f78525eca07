import { shown } from '../../findings/safe-text';
import { rivalBundles } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const rootBundle: Rule = {
  code: 'MTLS725',
  name: 'root-bundle',
  severity: 'warning',
  title: 'trust-manager writes the ConfigMaps that istiod writes',
  reads: ['Bundle'],
  * find({ mesh }: Evidence) {
    for (const object of rivalBundles(mesh)) {
      yield {
        object,
        field: ['metadata', 'name'],
        actual: shown(object.name),
        expected: 'another name',
        because: 'a Bundle\'s ConfigMaps have its name, and istiod writes its root into those of this name in every namespace: each undoes what the other has written',
        fix: 'name the Bundle otherwise, and hand roots to istiod in root-cert.pem or ca.crt of Secret cacerts',
      };
    }
  },
};
