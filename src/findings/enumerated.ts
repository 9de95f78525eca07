/** `breaks 2 connections, leaves 1 in plaintext and ends 3`; empty without parts. */
export function enumerated(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
