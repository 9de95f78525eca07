import { isDnsLabel, isWildcardDnsLabel } from './dns-label';
import { integerIn } from './integer-text';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const LONGEST = 255;

/** A full DNS name without a wildcard; one label will do, a dot at the end too. */
export function isDnsName(host: string): boolean {
  return hasLength(host) && areDnsLabels(host);
}

/** A DNS name whose first label may be `*`, `*-a` or `*a`. */
export function isWildcardHost(host: string): boolean {
  if (!hasLength(host)) return false;
  const dot = host.indexOf('.');
  if (dot < 0) return isWildcardDnsLabel(host);
  return isWildcardDnsLabel(host.slice(0, dot)) && areDnsLabels(host.slice(dot + 1));
}

/** Objects to a host that is no DNS name, with or without a wildcard in front. */
export function judgeWildcardHost(at: Objections, host: string): void {
  if (isWildcardHost(host)) return;
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'a DNS name, optionally with a wildcard as its first label, of at most 255 characters',
    because: 'no service can be found under it',
    fix: 'write a host such as \'reviews.prod.svc.cluster.local\' or \'*.prod.svc.cluster.local\'',
  });
}

/** Objects to a host that is no DNS name without a wildcard. */
export function judgeDnsName(at: Objections, host: string): void {
  if (!isDnsName(host)) objectToDnsName(at, host);
}

export function objectToDnsName(at: Objections, host: string): void {
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'a DNS name without wildcard, of at most 255 characters',
    because: 'it is looked up as it stands',
    fix: 'write a name such as \'reviews.prod.svc.cluster.local\'',
  });
}

/** Warns of a wildcard that isn't a whole label, such as `*-reviews.prod`. */
export function judgePartialWildcard(at: Objections, host: string): void {
  if (!isPartialWildcard(host)) return;
  at.warning({
    code: 'ADMIT402',
    actual: shown(host),
    expected: 'a wildcard that is the whole first label',
    because: 'Istio matches whole labels only',
    fix: `write '*.${host.slice(host.indexOf('.') + 1)}' or list the hosts one by one`,
  });
}

export function isPartialWildcard(host: string): boolean {
  return host.includes('*') && host !== '*' && !host.startsWith('*.');
}

function hasLength(host: string): boolean {
  return host !== '' && Buffer.byteLength(host) <= LONGEST;
}

function areDnsLabels(domain: string): boolean {
  const labels = domain.split('.');
  if (integerIn(labels[labels.length - 1]) !== undefined) return false;
  return labels.every((label, index) => isDnsLabel(label) || (label === '' && index === labels.length - 1));
}
