import { Decoded } from './decoded';
import { PeerAuthenticationSpec } from '../../../imports/specs';
import { Objections } from '../objection';
import { judgeWorkloadSelector } from './values/selectors';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod rejects in a PeerAuthentication. */
export function judgePeerAuthentication(objections: Objections, { spec }: Decoded<PeerAuthenticationSpec>): void {
  const at = objections.at('spec');
  judgeWorkloadSelector(at.at('selector'), spec.selector);
  const ports = at.at('portLevelMtls');
  const numbers = Object.keys(spec.portLevelMtls ?? {});
  numbers.forEach((port) => judgePortKey(ports.at(port), port));
  if (spec.portLevelMtls && numbers.length === 0) objectToPorts(ports, 'empty', 'at least one port', 'remove portLevelMtls');
  if (numbers.length > 0 && !Object.keys(spec.selector?.matchLabels ?? {}).length) {
    objectToPorts(ports, 'set without workload labels', 'a selector with labels',
      'add selector.matchLabels, because ports belong to workloads');
  }
}

/** The key is read as a JSON number: `+80` and `080`, which the CRD's rule accepts, are invalid. */
function judgePortKey(at: Objections, port: string): void {
  if (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65535) return;
  objectToPorts(at, `set under the key ${shown(port)}`, 'a port from 1 to 65535, in plain digits',
    'write the number of the port that the container listens on');
}

function objectToPorts(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT457', actual, expected, because: 'port-level modes apply to ports of selected workloads', fix });
}
