import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isDnsName, objectToDnsName } from '../values/host';
import { isIpAddress } from '../values/ip';
import { judgePort } from '../values/port';

/** Objects to a tunnel of an unknown protocol or without a target. */
export function judgeTunnel(at: Objections, tunnel: any): void {
  if (!tunnel) return;
  judgeProtocol(at.at('protocol'), tunnel.protocol ?? '');
  const host = tunnel.targetHost ?? '';
  if (!isDnsName(host) && !isIpAddress(host)) objectToDnsName(at.at('targetHost'), host);
  judgePort(at.at('targetPort'), tunnel.targetPort);
}

function judgeProtocol(at: Objections, protocol: string): void {
  if (['', 'CONNECT', 'POST'].includes(protocol)) return;
  at.error({
    code: 'ADMIT414',
    actual: shown(protocol),
    expected: '\'CONNECT\' or \'POST\'',
    because: 'Envoy opens tunnels with these methods only',
    fix: 'write \'CONNECT\', or leave the field out',
  });
}
