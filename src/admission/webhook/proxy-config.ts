import { Decoded } from './decoded';
import { ProxyConfigSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeWorkloadSelector } from './values/selectors';

/** Rejects what istiod rejects in a ProxyConfig; the CRD itself rejects a negative concurrency. */
export function judgeProxyConfig(at: Objections, { spec }: Decoded<ProxyConfigSpec>): void {
  judgeWorkloadSelector(at.at('spec', 'selector'), spec.selector);
}
