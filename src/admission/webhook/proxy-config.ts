import { Objection, Objections } from '../objection';
import { judgeWorkloadSelector } from './values/selectors';

/** What istiod has against a ProxyConfig; the CRD itself refuses a negative concurrency. */
export function proxyConfigObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  return [...at.all];
}
