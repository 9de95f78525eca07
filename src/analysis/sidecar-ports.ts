import { ServerPort } from '../mesh/server/server-port';

/** The annotation that leads a port around its sidecar; undefined if another thing does. */
export function leadingAround({ annotation }: ServerPort): string | undefined {
  return annotation;
}

/** What to do about ports that an annotation leads around the sidecar though they should be STRICT. */
export function letSidecarHave(ports: readonly number[]): string {
  return `let the sidecar have port ${ports.join(', ')}, and make it PERMISSIVE in portLevelMtls if clients outside of the mesh need it`;
}
