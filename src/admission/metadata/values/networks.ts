import { isIPv4, isIPv6 } from 'node:net';
import { isUint } from './go-words';

/** 0 to 65535; space around it is fine. */
export function isPort(text: string): boolean {
  return isUint(text.trim(), 65535);
}

/** Ports with commas between; empty is the empty list. */
export function isPortList(text: string): boolean {
  return text.trim() === '' || text.split(',').every(isPort);
}

/** As above, and ranges such as `8000:8080`, which iptables takes. */
export function isPortOrRangeList(text: string): boolean {
  return text === '' || text.split(',').every((item) => item.split(':').length <= 2 && item.split(':').every(isPort));
}

/** An address with a prefix length, as Go's netip.ParsePrefix reads it. */
function isCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const address = text.slice(0, Math.max(slash, 0));
  const bits = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(bits) || address.includes('%')) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

/** Networks with commas and no space between; empty is the empty list. */
export function isCidrList(text: string): boolean {
  return text === '' || text.split(',').every(isCidr);
}

/** Names of Linux interfaces with commas between; empty is the empty list. */
export function isInterfaceList(text: string): boolean {
  return text === '' || text.split(',').every((name) => /^[a-zA-Z][a-zA-Z0-9_.-]{0,14}$/.test(name.trim()));
}
