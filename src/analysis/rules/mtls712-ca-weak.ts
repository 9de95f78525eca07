import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caWeak: Rule = {
  code: 'MTLS712',
  name: 'ca-weak',
  severity: 'warning',
  title: 'A CA certificate has a weak key or signature',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS712'),
};
