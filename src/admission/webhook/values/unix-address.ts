import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** What tells a Unix domain socket from an IP address. */
export const UNIX_ADDRESS_PREFIX = 'unix://';

/** An address `unix://…`: an absolute path to a file, or an abstract socket that starts with `@`. */
export function judgeUnixAddress(at: Objections, address: string): void {
  const path = address.slice(UNIX_ADDRESS_PREFIX.length);
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return;
  at.error({
    code: 'ADMIT455',
    actual: shown(address),
    expected: 'an absolute path to a file, or an abstract socket such as \'unix://@name\'',
    because: 'Envoy opens the socket by that path, whatever folder it runs in',
    fix: 'write a path such as \'unix:///var/run/app.sock\'',
  });
}
