import { judgeProbe } from './readiness-probe';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeLabels } from '../values/labels';

/** What istiod's webhook has against a WorkloadGroup; the template is filled in later and not looked at. */
export function workloadGroupObjections(object: any): Objection[] {
  const objections = new Objections();
  const spec = objections.at('spec');
  const group = object.spec ?? {};
  if (group.template === undefined) objectToMissingTemplate(spec.at('template'));
  judgeLabels(spec.at('metadata', 'labels'), group.metadata?.labels);
  judgeProbe(spec.at('probe'), group.probe);
  return [...objections.all];
}

function objectToMissingTemplate(at: Objections): void {
  at.error({
    code: 'ADMIT413',
    actual: 'missing',
    expected: 'a template of WorkloadEntries',
    because: 'the workloads of the group get their entries from it',
    fix: 'add template, for example with ports and serviceAccount',
  });
}
