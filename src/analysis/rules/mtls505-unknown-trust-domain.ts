import { shown } from '../../findings/safe-text';
import { ANY_OWN } from '../../mesh/authorization/identity';
import { About } from '../../mesh/authorization/policy';
import { EffectiveMeshConfig } from '../../mesh/config/mesh-config';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { identityNames } from '../identities';
import { Rule } from '../rule';

export const unknownTrustDomain: Rule = {
  code: 'MTLS505',
  name: 'unknown-trust-domain',
  severity: 'warning',
  title: 'A policy names a trust domain that the mesh doesn\'t know',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    const names = identityNames(evidence);
    const configs = names.length === 0 ? [] : configsOf(evidence);
    // Without a mesh config in the manifests the trust domain is unknown.
    if (configs.length === 0 || !configs.every(({ object }) => object)) return;
    const known = new Set(configs.flatMap((config) => [config.trustDomain, ...config.trustDomainAliases, ...config.trustDomainsOfCas]));
    for (const { policy: { object }, condition, value, field } of names) {
      const named = trustDomainOf(condition, value);
      if (!named || known.has(named.trustDomain) || (named.full && named.trustDomain === ANY_OWN)) continue;
      const [{ trustDomain, object: config }] = configs;
      yield {
        object,
        field,
        actual: shown(value),
        expected: `trust domain ${trustDomain}`,
        because: named.trustDomain === ANY_OWN
          ? `${ANY_OWN} stands for the mesh's own trust domain only in a principal with all five parts, `
            + `and ${objectText(config!)} sets another one`
          : `${objectText(config!)} doesn't list trust domain ${named.trustDomain}, `
            + 'and servers reject certificates of unlisted trust domains',
        fix: `write ${shown(value.replace(named.trustDomain, trustDomain))}`,
      };
    }
  },
};

function configsOf(evidence: Evidence): readonly EffectiveMeshConfig[] {
  return [...new Set([...evidence.planes.keys()].map(({ config }) => config))];
}

/** The trust domain in a value, and whether the value is a complete principal. */
function trustDomainOf({ attribute }: About, value: string): { readonly trustDomain: string; readonly full: boolean } | undefined {
  const [trustDomain, ...rest] = value.split('/');
  if (trustDomain.includes('*')) return undefined;
  if (attribute === 'source.trustDomain') return { trustDomain, full: false };
  if (attribute !== 'source.principal') return undefined;
  const full = rest.length === 4;
  return full || (rest.length > 0 && value.endsWith('*')) ? { trustDomain, full } : undefined;
}
