import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caNotPem: Rule = {
  code: 'MTLS713',
  name: 'ca-not-pem',
  severity: 'warning',
  title: 'A CA file isn\'t PEM, or contains other text',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS713'),
};
