import { MtlsMode } from './mtls-mode';
import { PortMtls } from './port-mtls';
import { checkWord } from '../enum-word';
import { checkPortNumbers } from '../port-numbers';
import { Refuse } from '../refuse';

/** The `portLevelMtls` of a PeerAuthentication; undefined for no ports, since Istio refuses an empty map. */
export function portLevelMtls(ports: readonly PortMtls[], refuse: Refuse): Record<string, { mode: MtlsMode }> | undefined {
  checkPortNumbers(
    ports.map(({ port }) => port),
    { field: 'portLevelMtls', entry: 'mode', owner: 'container' },
    refuse,
  );
  if (ports.length === 0) return undefined;
  const modes: Record<string, { mode: MtlsMode }> = {};
  for (const { port, mode } of ports) {
    checkWord(`portLevelMtls.${port}.mode`, mode, MtlsMode, refuse);
    modes[port] = { mode };
  }
  return modes;
}
