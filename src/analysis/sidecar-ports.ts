import { ServerPort } from '../mesh/server/server-port';
import { INBOUND_ANNOTATIONS } from '../mesh/workloads/interception';

/** The annotation that leads a port around its sidecar; undefined if another thing does. */
export function leadingAround({ because }: ServerPort): string | undefined {
  return INBOUND_ANNOTATIONS.find((name) => because?.startsWith(name));
}

/** What to do about ports that an annotation leads around the sidecar though they should be STRICT. */
export function letSidecarHave(ports: readonly number[]): string {
  return `let the sidecar have port ${ports.join(', ')}, and make it PERMISSIVE in portLevelMtls if clients outside of the mesh need it`;
}
