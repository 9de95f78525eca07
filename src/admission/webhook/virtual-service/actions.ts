import { Objections } from '../objections';

/** Beside an action of a route: what else would decide the same request's fate. */
const EXCLUDED: { readonly [action: string]: readonly string[] } = {
  redirect: ['route', 'fault', 'rewrite', 'directResponse'],
  directResponse: ['route', 'fault', 'rewrite'],
};

/** Objects to a route that does nothing, or that does what can't be done together. */
export function judgeActions(at: Objections, route: any, inDelegate: boolean): void {
  if (route.delegate && !inDelegate) {
    for (const field of ['redirect', 'route']) if (isSet(route, field)) objectToConflict(at, field, 'delegate');
    return;
  }
  if (route.delegate) objectToNestedDelegate(at.at('delegate'));
  const action = Object.keys(EXCLUDED).find((field) => route[field]);
  if (action) {
    for (const field of EXCLUDED[action].filter((other) => isSet(route, other))) objectToConflict(at, field, action);
  } else if (!isSet(route, 'route')) {
    objectToNoAction(at, 'route, redirect or directResponse');
  }
  if (route.mirror && isSet(route, 'mirrors')) objectToConflict(at, 'mirrors', 'mirror');
}

/** Objects to a route without an action, such as a TCP route without a destination. */
export function objectToNoAction(at: Objections, expected: string): void {
  at.error({
    code: 'ADMIT432',
    actual: 'without an action',
    expected,
    because: 'requests that match must go somewhere',
    fix: `add ${expected}`,
  });
}

/** An empty list is as good as none. */
function isSet(route: any, field: string): boolean {
  return Array.isArray(route[field]) ? route[field].length > 0 : route[field] !== undefined;
}

function objectToConflict(at: Objections, field: string, other: string): void {
  at.at(field).error({
    code: 'ADMIT433',
    actual: `set together with ${other}`,
    expected: `${field} or ${other}, not both`,
    because: 'both say what becomes of the request',
    fix: `remove ${field} or ${other}`,
  });
}

function objectToNestedDelegate(at: Objections): void {
  at.error({
    code: 'ADMIT431',
    actual: 'set in a VirtualService without hosts',
    expected: 'no delegate',
    because: 'a VirtualService without hosts is a delegate itself, and delegates don\'t delegate',
    fix: 'remove delegate, or give the VirtualService hosts',
  });
}
