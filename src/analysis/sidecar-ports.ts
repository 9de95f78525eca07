/** What to do about ports that an annotation leads around the sidecar though they should be STRICT. */
export function letSidecarHave(ports: readonly number[]): string {
  return `let the sidecar have port ${ports.join(', ')}, and make it PERMISSIVE in portLevelMtls if clients outside of the mesh need it`;
}
