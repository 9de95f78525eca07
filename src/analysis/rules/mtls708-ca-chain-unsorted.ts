import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caChainUnsorted: Rule = {
  code: 'MTLS708',
  name: 'ca-chain-unsorted',
  severity: 'warning',
  title: 'The chain is out of order',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS708'),
};
