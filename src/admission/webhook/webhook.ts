import { Objection } from '../objection';

/** What istiod's validating webhook has against an object of one kind; the CRD's schema and rules have passed. */
type WebhookOfKind = (object: any) => Objection[];

const WEBHOOKS: { readonly [kind: string]: WebhookOfKind } = {
};

/** What istiod's validating webhook refuses or warns about beyond the CRD; nothing for a kind it doesn't judge. */
export function webhookObjections(kind: string, object: any): Objection[] {
  return Object.hasOwn(WEBHOOKS, kind) ? WEBHOOKS[kind](object) : [];
}
