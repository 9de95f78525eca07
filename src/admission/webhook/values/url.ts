import { integerIn } from './integer-text';

/** Whether every `%` of the part after `#` starts an escape, which the CRD's own rule on URLs doesn't look at. */
export function hasReadableFragment(url: string): boolean {
  const hash = url.indexOf('#');
  return hash < 0 || !/%(?![0-9a-fA-F]{2})/.test(url.slice(hash));
}

/** Whether its scheme is http or https and its port, if it has one, a number that 64 bits hold. */
export function isHttpUrl(url: string): boolean {
  const match = /^https?:(?:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?=[/?#]|$))?/i.exec(url);
  return match !== null && (!match[1] || integerIn(match[1]) !== undefined) && hasReadableFragment(url);
}
