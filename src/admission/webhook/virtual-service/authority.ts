import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isAuthorityHeader } from '../values/header-name';

/** Objects to an authority that a route changes in more than one way. */
export function judgeAuthority(at: Objections, route: any): void {
  let current = route.rewrite?.authority ?? '';
  for (const field of ['set', 'add']) {
    for (const [name, value] of Object.entries<string>(route.headers?.request?.[field] ?? {})) {
      if (!isAuthorityHeader(name)) continue;
      if (current !== '') return objectToSecond(at.at('headers', 'request', field, name), current, value);
      current = value;
    }
  }
}

function objectToSecond(at: Objections, current: string, value: string): void {
  at.error({
    code: 'ADMIT433',
    actual: `${shown(value)}, after the authority became ${shown(current)}`,
    expected: 'the authority changed once',
    because: 'a request has one authority',
    fix: 'keep rewrite.authority, and remove the header',
  });
}
