import { Decoded } from './decoded';
import { ProxyConfigSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeWorkloadSelector } from './values/selectors';

/** Objects to what istiod refuses of a ProxyConfig; the CRD itself refuses a negative concurrency. */
export function judgeProxyConfig(at: Objections, { spec }: Decoded<ProxyConfigSpec>): void {
  judgeWorkloadSelector(at.at('spec', 'selector'), spec.selector);
}
