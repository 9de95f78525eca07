import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isWildcardHost, judgeWildcardHost } from '../values/host';

const GENERATED = 'outbound_';

/** Whether a VirtualService can be for the host: for a gateway that sees SNI also such as `outbound_.80_._.a.b`. */
export function isBoundHost(host: string, forGateways: boolean, sni: boolean): boolean {
  return isGenerated(host, forGateways, sni) ? isGeneratedHost(host) : isWildcardHost(host);
}

/** Objects to a host that a VirtualService can't be for. */
export function judgeBoundHost(at: Objections, host: string, forGateways: boolean, sni: boolean): void {
  if (!isGenerated(host, forGateways, sni)) return judgeWildcardHost(at, host);
  if (isGeneratedHost(host)) return;
  at.error({
    code: 'ADMIT400',
    actual: shown(host),
    expected: 'the form outbound_.<port>_._.<host>',
    because: 'that is how Istio names the SNI of a port of a service',
    fix: 'write a host such as \'outbound_.80_._.reviews.prod.svc.cluster.local\'',
  });
}

function isGenerated(host: string, forGateways: boolean, sni: boolean): boolean {
  return forGateways && sni && host.startsWith(GENERATED);
}

function isGeneratedHost(host: string): boolean {
  const [, port, subset, name] = host.split('_');
  return Buffer.byteLength(host) <= 255 && subset !== undefined && /[0-9]/.test(port) && /[a-zA-Z]/.test(name ?? '');
}
