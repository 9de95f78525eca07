import { Objection } from '../objection';
import { entries } from './labels-and-annotations';
import { isBool } from './values/go-words';
import { shown } from '../../findings/safe-text';

const DRY_RUN = 'istio.io/dry-run';

const BANNED: { readonly [key: string]: string } = {
  'internal.istio.io/parents': 'it would lend the object the rights of another',
  'internal.istio.io/parent-namespace': 'it would lend the object the rights of another namespace',
  'internal.istio.io/webhook-always-reject': 'istiod tests its own webhook with it',
};

/** What istiod's validating webhook has against the annotations of an object of one of Istio's kinds. */
export function webhookAnnotationObjections(object: any): Objection[] {
  const annotations = entries(object?.metadata?.annotations);
  return annotations.flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    if (key === DRY_RUN) return dryRun(object, value);
    return Object.hasOwn(BANNED, key) ? [banned(key)] : [];
  });
}

function banned(key: string): Objection {
  return {
    code: 'ADMIT522',
    severity: 'error',
    field: ['metadata', 'annotations', key],
    actual: 'set',
    expected: 'to be set by istiod alone',
    because: `${BANNED[key]}; istiod's webhook refuses it`,
    fix: 'remove it',
  };
}

function dryRun(object: any, value: string): Objection[] {
  const field = ['metadata', 'annotations', DRY_RUN];
  const objection = { severity: 'error' as const, field, because: 'istiod\'s webhook refuses it otherwise' };
  if (object.kind !== 'AuthorizationPolicy') {
    return [{ ...objection, code: 'ADMIT520', actual: `on ${object.kind}`, expected: 'on AuthorizationPolicy only', fix: 'remove it' }];
  }
  const action = object.spec?.action ?? 'ALLOW';
  if (action !== 'ALLOW' && action !== 'DENY') {
    return [{ ...objection, code: 'ADMIT520', actual: `on an AuthorizationPolicy with action ${shown(action)}`, expected: 'with action ALLOW or DENY only', fix: 'remove it' }];
  }
  if (isBool(value)) return [];
  return [{ ...objection, code: 'ADMIT521', actual: shown(value), expected: 'true or false', fix: 'write \'true\', in quotes' }];
}
