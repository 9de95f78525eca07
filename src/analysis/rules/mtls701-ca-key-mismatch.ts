import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caKeyMismatch: Rule = {
  code: 'MTLS701',
  name: 'ca-key-mismatch',
  severity: 'error',
  title: 'The CA\'s private key belongs to another certificate',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS701'),
};
