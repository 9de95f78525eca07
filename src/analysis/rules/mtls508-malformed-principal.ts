import { shown } from '../../findings/safe-text';
import { Evidence } from '../evidence';
import { identityNames } from '../identities';
import { setting } from '../remedies';
import { Rule } from '../rule';

export const malformedPrincipal: Rule = {
  code: 'MTLS508',
  name: 'malformed-principal',
  severity: 'error',
  title: 'A policy names an impossible principal',
  reads: ['AuthorizationPolicy'],
  * find(evidence: Evidence) {
    for (const { policy: { object }, condition: { attribute, negated }, value, field } of identityNames(evidence)) {
      const mistake = attribute === 'source.principal' ? mistakeIn(value) : undefined;
      if (!mistake) continue;
      yield {
        object,
        field,
        actual: shown(value),
        expected: '<trust domain>/ns/<namespace>/sa/<service account>',
        because: `${mistake.because}, so it never matches${negated ? ' and excludes nobody' : ''}`,
        fix: mistake.fix,
        remedies: mistake.meant === undefined ? [] : [setting(object, field, mistake.meant)],
      };
    }
  },
};

interface Mistake {
  readonly because: string;
  readonly fix: string;
  /** The name that is certainly meant. */
  readonly meant?: string;
}

function mistakeIn(value: string): Mistake | undefined {
  if (value.startsWith('spiffe://')) {
    const meant = value.slice('spiffe://'.length);
    return { because: 'istiod adds another spiffe:// prefix', fix: `write ${shown(meant)}`, meant };
  }
  if (value.slice(1, -1).includes('*')) {
    return {
      because: '* is a wildcard only at the beginning or end', fix: 'list each principal, or match on namespaces or serviceAccounts',
    };
  }
  if (value.startsWith('*') || value.endsWith('*') || value.includes('/ns/')) return undefined;
  return /^(ns|sa)\/|\/sa\/|^[^/]*$/.test(value)
    ? {
      because: 'a certificate contains trust domain, namespace and service account', fix: 'write all three, or match on serviceAccounts',
    } : undefined;
}
