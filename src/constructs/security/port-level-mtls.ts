import { MtlsMode } from './mtls-mode';
import { PortMtls } from './port-mtls';
import { RefusalDetails, refusal } from '../../findings/refusal';

/** The `portLevelMtls` of a PeerAuthentication; undefined for no ports, since Istio refuses an empty map. */
export function portLevelMtls(path: string, ports: readonly PortMtls[]): Record<string, { mode: MtlsMode }> | undefined {
  const result: Record<string, { mode: MtlsMode }> = {};
  for (const { port, mode } of ports) {
    const refuse = (details: Pick<RefusalDetails, 'code' | 'actual' | 'expected' | 'because' | 'fix'>) =>
      refusal({ kind: 'PeerAuthentication', path, field: 'portLevelMtls', ...details });
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw refuse({ code: 'MTLS006', actual: `for port ${port}`, expected: 'a port from 1 to 65535', fix: "give the container's port number" });
    }
    if (port in result) {
      throw refuse({
        code: 'MTLS010',
        actual: `given twice for port ${port}`,
        expected: 'one mode a port',
        because: 'only one of them could be written',
        fix: 'remove one',
      });
    }
    result[port] = { mode };
  }
  return ports.length > 0 ? result : undefined;
}
