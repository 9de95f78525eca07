import { shown } from '../../findings/safe-text';
import { rivalBundles } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const rootBundle: Rule = {
  code: 'MTLS725',
  name: 'root-bundle',
  severity: 'warning',
  title: 'trust-manager writes the same ConfigMaps as istiod',
  reads: ['Bundle'],
  * find({ mesh }: Evidence) {
    for (const object of rivalBundles(mesh)) {
      yield {
        object,
        field: ['metadata', 'name'],
        actual: shown(object.name),
        expected: 'another name',
        because: 'a Bundle\'s ConfigMaps have its name, and istiod writes its root to ConfigMaps of this name in every namespace: '
          + 'each overwrites the other',
        fix: 'rename the Bundle, and give istiod its roots in root-cert.pem or ca.crt of Secret cacerts',
      };
    }
  },
};
