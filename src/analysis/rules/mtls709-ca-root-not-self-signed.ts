import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caRootNotSelfSigned: Rule = {
  code: 'MTLS709',
  name: 'ca-root-not-self-signed',
  severity: 'warning',
  title: 'The roots contain a certificate that isn\'t a root',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS709'),
};
