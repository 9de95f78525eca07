import { isIPv4, isIPv6 } from 'node:net';

const INT64 = 2n ** 63n;

/** The number that Go's `strconv.Atoi` reads in a text, `undefined` where it reads none. */
export function integerIn(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return value >= -INT64 && value < INT64 ? Number(value) : undefined;
}

/** An IPv4 or IPv6 address, zones (`fe80::1%eth0`) included, as Go's netip reads it. */
export function isIpAddress(text: string): boolean {
  if (isIPv4(text)) return true;
  const zone = text.indexOf('%');
  if (zone < 0) return isIPv6(text);
  return zone < text.length - 1 && isIPv6(text.slice(0, zone));
}

/** An address and the length of its prefix, as Go's netip reads it: no zone, no leading zero in the length. */
export function isCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const [address, length] = [text.slice(0, slash), text.slice(slash + 1)];
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || address.includes('%') || !isIpAddress(address)) return false;
  return Number(length) <= (isIPv4(address) ? 32 : 128);
}
