import { judgeSubsets } from './subsets';
import { judgeTrafficPolicy } from './traffic-policy';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeExportTo } from '../values/export-to';
import { judgeWildcardHost } from '../values/host';
import { judgeWorkloadSelector } from '../values/selector';

/** What istiod's webhook has against a DestinationRule. */
export function destinationRuleObjections(object: any): Objection[] {
  const objections = new Objections();
  const spec = objections.at('spec');
  const rule = object.spec ?? {};
  const namespace = object.metadata?.namespace ?? '';
  judgeWildcardHost(spec.at('host'), rule.host ?? '');
  judgeTrafficPolicy(spec.at('trafficPolicy'), rule.trafficPolicy, namespace);
  judgeSubsets(spec.at('subsets'), rule.subsets, namespace);
  const workloadSelector = rule.workloadSelector !== undefined;
  judgeExportTo(spec.at('exportTo'), rule.exportTo, { namespace, workloadSelector });
  judgeWorkloadSelector(spec.at('workloadSelector'), rule.workloadSelector);
  return [...objections.all];
}
