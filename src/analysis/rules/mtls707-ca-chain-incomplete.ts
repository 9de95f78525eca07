import { foundInCas } from '../plugged-cas';
import { Rule } from '../rule';

export const caChainIncomplete: Rule = {
  code: 'MTLS707',
  name: 'ca-chain-incomplete',
  severity: 'error',
  title: 'The chain lacks the signing certificate',
  reads: ['Secret'],
  find: (evidence) => foundInCas(evidence, 'MTLS707'),
};
