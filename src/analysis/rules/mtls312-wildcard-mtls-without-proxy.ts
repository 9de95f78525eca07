import { foundAtRules } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { serverText } from '../texts';

export const wildcardMtlsWithoutProxy: Rule = {
  code: 'MTLS312',
  name: 'wildcard-mtls-without-proxy',
  severity: 'error',
  title: 'A wildcard DestinationRule sends mutual TLS to servers without a proxy',
  reads: ['DestinationRule'],
  find: (evidence: Evidence) => foundAtRules(evidence, 'wildcard-mtls-without-proxy', (calls, hop) => ({
    expected: 'no tls, so that auto mTLS decides for each server',
    because: `host ${hop.rule!.host} covers servers without a proxy: ${calls} fail because ${serverText(hop)}: `
      + `${hop.received.receiver!.because}`,
  })),
};
