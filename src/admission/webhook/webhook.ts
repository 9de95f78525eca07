import { judgeAnnotations } from './annotations';
import { Objection } from '../objection';
import { destinationRuleObjections } from './destination-rule/destination-rule';
import { Objections } from './objections';
import { serviceEntryObjections } from './service-entry/service-entry';
import { virtualServiceObjections } from './virtual-service/virtual-service';
import { workloadEntryObjections } from './workload-entry/workload-entry';
import { workloadGroupObjections } from './workload-group/workload-group';

/** What istiod's validating webhook has against an object of one kind; the CRD's schema and rules have passed. */
type WebhookOfKind = (object: any) => Objection[];

const WEBHOOKS: { readonly [kind: string]: WebhookOfKind } = {
  DestinationRule: destinationRuleObjections,
  ServiceEntry: serviceEntryObjections,
  VirtualService: virtualServiceObjections,
  WorkloadEntry: workloadEntryObjections,
  WorkloadGroup: workloadGroupObjections,
};

/** What istiod's validating webhook refuses or warns about beyond the CRD, for any kind of Istio's. */
export function webhookObjections(kind: string, object: any): Objection[] {
  const objections = new Objections();
  judgeAnnotations(objections.at('metadata', 'annotations'), kind, object.metadata?.annotations);
  return [...objections.all, ...Object.hasOwn(WEBHOOKS, kind) ? WEBHOOKS[kind](object) : []];
}
