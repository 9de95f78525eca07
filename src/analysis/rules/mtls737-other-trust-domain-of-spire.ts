import { shown } from '../../findings/safe-text';
import { spireTrustDomains } from '../../mesh/certificates/spire';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const otherTrustDomainOfSpire: Rule = {
  code: 'MTLS737',
  name: 'other-trust-domain-of-spire',
  severity: 'error',
  title: 'SPIRE issues certificates for a different trust domain than the mesh\'s',
  reads: ['ConfigMap'],
  * find({ mesh }: Evidence) {
    const configs = [...mesh.configs.revisions].map((revision) => mesh.configs.of(revision));
    if (configs.length === 0) return;
    const known = new Set(configs.flatMap((config) => [config.trustDomain, ...config.trustDomainAliases]));
    for (const { at, trustDomain } of spireTrustDomains(mesh)) {
      if (known.has(trustDomain)) continue;
      const [{ trustDomain: ofMesh, object }] = configs;
      yield {
        ...at,
        actual: `trust domain ${shown(trustDomain)}`,
        expected: `${shown(ofMesh)}, that of ${objectText(object!)}`,
        because: 'clients in the mesh expect servers in its own trust domain and reject certificates issued by SPIRE',
        fix: `set trustDomain of the mesh config to ${shown(trustDomain)}: changing SPIRE's trust domain `
          + 'requires new certificates everywhere',
      };
    }
  },
};
