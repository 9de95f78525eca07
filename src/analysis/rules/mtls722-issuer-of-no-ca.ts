import { shown } from '../../findings/safe-text';
import { caCertificates } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const issuerOfNoCa: Rule = {
  code: 'MTLS722',
  name: 'issuer-of-no-ca',
  severity: 'error',
  title: 'The issuer of istiod\'s CA doesn\'t sign CAs, or creates a new root each time',
  reads: ['Certificate'],
  * find({ mesh }: Evidence) {
    for (const { object, issuer, issuerType } of caCertificates(mesh)) {
      if (issuerType === undefined) continue;
      const isAcme = issuerType === 'acme';
      yield {
        object,
        field: ['spec', 'issuerRef', 'name'],
        severity: isAcme ? 'error' : 'warning',
        actual: `${shown(issuer.name)}, ${isAcme ? 'which asks an ACME server' : 'which issues self-signed certificates'}`,
        expected: 'an issuer that signs CAs below a permanent root, such as ca or vault',
        because: isAcme ? 'istiod doesn\'t start: ACME servers don\'t sign CAs, and cert-manager writes no ca.crt'
          : 'istiod accepts it: each renewal creates a new root, which a running istiod rejects until the old one expires',
        fix: isAcme ? 'use another issuer' : 'use this issuer for a long-lived root, and reference a ca issuer that signs with it',
      };
    }
  },
};
