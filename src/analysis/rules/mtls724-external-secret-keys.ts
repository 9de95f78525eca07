import { holdsWholeCa, secretKeysFault } from '../../certificates/ca-secret';
import { keyedExternalSecrets } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const externalSecretKeys: Rule = {
  code: 'MTLS724',
  name: 'external-secret-keys',
  severity: 'error',
  title: 'An ExternalSecret provides only some of the keys that istiod reads',
  reads: ['ExternalSecret'],
  * find({ mesh }: Evidence) {
    for (const { object, keys } of keyedExternalSecrets(mesh)) {
      const fault = secretKeysFault('spec.data', keys);
      if (!fault) continue;
      const { actual, expected, because, fix } = fault;
      yield { object, field: ['spec', 'data'], severity: holdsWholeCa(keys) ? 'warning' : 'error', actual, expected, because, fix };
    }
  },
};
