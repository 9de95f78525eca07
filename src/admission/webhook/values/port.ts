import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

export function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

/** Objects to what is no port number; a missing one counts as 0. */
export function judgePort(at: Objections, port: number | undefined): void {
  if (isPort(port ?? 0)) return;
  at.error({
    code: 'ADMIT403',
    actual: shown(port),
    expected: 'a port from 1 to 65535',
    because: 'there is no other port',
    fix: 'write the number of the port',
  });
}
