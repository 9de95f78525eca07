import { shown } from '../../findings/safe-text';
import { spireTrustDomains } from '../../mesh/certificates/spire';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const otherTrustDomainOfSpire: Rule = {
  code: 'MTLS737',
  name: 'other-trust-domain-of-spire',
  severity: 'error',
  title: 'SPIRE gives sidecars another trust domain than the mesh\'s',
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
        because: 'clients of the mesh expect servers of its own trust domain, and refuse the certificates that SPIRE gives out',
        fix: `set trustDomain of the mesh config to ${shown(trustDomain)}: SPIRE's can't be changed without new certificates everywhere`,
      };
    }
  },
};
