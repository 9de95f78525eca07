import { judgeHosts } from './hosts';
import { judgePorts, judgePortsOfManyHosts } from './ports';
import { judgeResolution } from './resolution';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeExportTo } from '../values/export-to';
import { judgeSelectorLabels } from '../values/selector';
import { judgeSubnets } from '../values/subnet';

/** What istiod's webhook has against a ServiceEntry; a selector that can't be is all that it then tells. */
export function serviceEntryObjections(object: any): Objection[] {
  const objections = new Objections();
  const spec = objections.at('spec');
  const entry = object.spec ?? {};
  if (entry.workloadSelector) judgeSelectorLabels(spec.at('workloadSelector', 'labels'), entry.workloadSelector.labels, 'all workloads of its namespace');
  if (objections.refused) return objections.all.filter((objection) => objection.severity === 'error');
  if (entry.workloadSelector && entry.endpoints?.length > 0) objectToEndpoints(spec.at('endpoints'));
  judgeHosts(spec.at('hosts'), entry);
  judgeSubnets(spec.at('addresses'), entry.addresses);
  judgePorts(spec.at('ports'), entry, object.metadata?.labels ?? {});
  judgeResolution(spec, entry, object.metadata?.labels ?? {});
  judgePortsOfManyHosts(spec.at('ports'), entry);
  judgeExportTo(spec.at('exportTo'), entry.exportTo, { namespace: object.metadata?.namespace ?? '', serviceEntry: true });
  return [...objections.all];
}

function objectToEndpoints(at: Objections): void {
  at.error({
    code: 'ADMIT448',
    actual: 'set together with workloadSelector',
    expected: 'endpoints or workloadSelector, not both',
    because: 'both say which workloads stand behind the hosts',
    fix: 'remove one of the two',
  });
}
