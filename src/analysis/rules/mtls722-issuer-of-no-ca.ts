import { shown } from '../../findings/safe-text';
import { caCertificates } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const issuerOfNoCa: Rule = {
  code: 'MTLS722',
  name: 'issuer-of-no-ca',
  severity: 'error',
  title: 'The issuer of istiod\'s CA signs no CAs, or makes a new root each time',
  reads: ['Certificate'],
  * find({ mesh }: Evidence) {
    for (const { object, issuer, issuerType } of caCertificates(mesh)) {
      if (issuerType === undefined) continue;
      const isAcme = issuerType === 'acme';
      yield {
        object,
        field: ['spec', 'issuerRef', 'name'],
        severity: isAcme ? 'error' : 'warning',
        actual: `${shown(issuer.name)}, ${isAcme ? 'which asks an ACME server' : 'which lets each certificate sign itself'}`,
        expected: 'an issuer of type ca, vault or another that signs CAs below a root that stays',
        because: isAcme ? 'istiod does not start: ACME servers sign no CAs, and cert-manager writes no ca.crt'
          : 'istiod accepts it: each renewal is a new root, which it refuses while it runs, until the old one has ended',
        fix: isAcme ? 'name another issuer' : 'let this issuer make a root of many years, and name an issuer of type ca that signs with it',
      };
    }
  },
};
