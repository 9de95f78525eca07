import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caRootNotSelfSigned: Rule = {
  code: 'MTLS709',
  name: 'ca-root-not-self-signed',
  severity: 'warning',
  title: 'The roots hold what is no root',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS709'),
};
