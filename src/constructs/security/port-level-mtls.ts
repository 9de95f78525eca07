import { MtlsMode } from './mtls-mode';
import { PortMtls } from './port-mtls';
import { checkPortNumbers } from '../port-numbers';
import { refusing } from '../refuse';

/** The `portLevelMtls` of a PeerAuthentication; undefined for no ports, since Istio refuses an empty map. */
export function portLevelMtls(path: string, ports: readonly PortMtls[]): Record<string, { mode: MtlsMode }> | undefined {
  checkPortNumbers(
    ports.map(({ port }) => port),
    { field: 'portLevelMtls', entry: 'mode', owner: 'container' },
    refusing('PeerAuthentication', path),
  );
  return ports.length > 0 ? Object.fromEntries(ports.map(({ port, mode }) => [port, { mode }])) : undefined;
}
