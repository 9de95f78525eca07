import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNotPem: Rule = {
  code: 'MTLS713',
  name: 'ca-not-pem',
  severity: 'warning',
  title: 'A text of the CA isn\'t PEM, or not only',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS713'),
};
