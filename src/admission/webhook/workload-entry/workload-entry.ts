import { judgeEndpoint } from './endpoint';
import { Objection } from '../../objection';
import { Objections } from '../objections';

/** What istiod's webhook has against a WorkloadEntry. */
export function workloadEntryObjections(object: any): Objection[] {
  const objections = new Objections();
  judgeEndpoint(objections.at('spec'), object.spec ?? {});
  return [...objections.all];
}
