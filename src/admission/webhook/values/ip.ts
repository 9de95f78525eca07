import { isIPv4, isIPv6 } from 'node:net';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

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

/** Objects to what is no single address. */
export function judgeIpAddress(at: Objections, text: string): void {
  if (isIpAddress(text)) return;
  at.error({
    code: 'ADMIT454',
    actual: shown(text),
    expected: 'an IPv4 or IPv6 address',
    because: 'Envoy binds to and matches addresses, it resolves no names here',
    fix: text.includes('/') ? `leave out the prefix: '${text.slice(0, text.indexOf('/'))}'` : 'write an address such as \'10.1.2.3\' or \'fd00::1\'',
  });
}

/** Objects to what is neither an address nor a range of addresses; nothing for a missing list. */
export function judgeIpBlocks(at: Objections, blocks: readonly string[] | undefined): void {
  (blocks ?? []).forEach((block, index) => {
    if (block.includes('/') ? isCidr(block) : isIpAddress(block)) return;
    at.at(index).error({
      code: 'ADMIT454',
      actual: shown(block),
      expected: 'an IP address or a CIDR range',
      because: 'istiod can compare addresses with nothing else',
      fix: 'write an address such as \'10.1.2.3\' or a range such as \'10.1.0.0/16\'',
    });
  });
}
