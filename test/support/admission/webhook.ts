import { objectionsOf } from './objections';
import { Objection } from '../../../src/admission/objection';
import { judgeByWebhook } from '../../../src/admission/webhook/webhook';
import { fieldText } from '../../../src/findings/finding';

/** The webhook's objections to an object of a kind. */
export function webhookObjections(kind: string, object: { readonly metadata?: object; readonly spec?: object }): readonly Objection[] {
  return objectionsOf((at) => judgeByWebhook(at, kind, object));
}

/** The webhook's objections to a spec, sorted: `ADMIT400 spec.host`, with the prefix `warning ` or `info ` if not refused. */
export function toldOf(kind: string, spec: object, metadata: object = {}): string[] {
  const object = { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'x', namespace: 'prod', ...metadata }, spec };
  return webhookObjections(kind, object)
    .map(({ severity, code, field }) => `${severity === 'error' ? '' : `${severity} `}${code} ${fieldText(field)}`)
    .sort();
}
