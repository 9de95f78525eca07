import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { integerIn } from '../values/integer-text';
import { isPort } from '../values/port';
import { judgeUnixAddress, UNIX_ADDRESS_PREFIX } from '../values/unix-address';

const HOSTS = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

/** Objects to an endpoint that isn't a port of the pod itself or a socket in it. */
export function judgeDefaultEndpoint(at: Objections, endpoint: string): void {
  if (endpoint.startsWith(UNIX_ADDRESS_PREFIX)) {
    judgeUnixAddress(at, endpoint);
    return;
  }
  const [, literal, name, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(endpoint) ?? [];
  if (port !== undefined && HOSTS.includes(literal ?? name) && isPort(integerIn(port) ?? 0)) return;
  at.error({
    code: 'ADMIT489',
    actual: shown(endpoint),
    expected: '127.0.0.1:<port>, 0.0.0.0:<port>, [::1]:<port>, [::]:<port> or unix://<path>',
    because: 'a Sidecar hands requests on to its own pod only',
    fix: 'write for example \'127.0.0.1:8080\'',
  });
}
