import { shown } from '../../../findings/safe-text';
import { isGoCidr, isGoIpAddress, parseGoInteger } from '../../../manifests/go-values';
import { Objections } from '../../objection';

/** Rejects text that isn't a single address. */
export function judgeIpAddress(at: Objections, text: string): void {
  if (isGoIpAddress(text)) return;
  at.error({
    code: 'ADMIT454',
    actual: shown(text),
    expected: 'an IPv4 or IPv6 address',
    because: 'Envoy binds to and matches addresses, and doesn\'t resolve names here',
    fix: text.includes('/')
      ? `leave out the prefix: '${text.slice(0, text.indexOf('/'))}'`
      : 'write an address such as \'10.1.2.3\' or \'fd00::1\'',
  });
}

/** Rejects text that is neither an address nor a range; a missing list passes. */
export function judgeIpBlocks(at: Objections, blocks: readonly string[] | undefined): void {
  (blocks ?? []).forEach((block, index) => {
    if (block.includes('/') ? isGoCidr(block) : isGoIpAddress(block)) return;
    at.at(index).error({
      code: 'ADMIT454',
      actual: shown(block),
      expected: 'an IP address or a CIDR range',
      because: 'istiod can compare addresses with nothing else',
      fix: 'write an address such as \'10.1.2.3\' or a range such as \'10.1.0.0/16\'',
    });
  });
}

/** Rejects text that is neither an address nor a range; with two or more slashes, it is read as an address with a zone. */
export function judgeSubnets(at: Objections, subnets: readonly string[] | undefined): void {
  (subnets ?? []).forEach((subnet, index) => {
    if (subnet.split('/').length === 2 ? isGoCidr(subnet) : isGoIpAddress(subnet)) return;
    at.at(index).error({
      code: 'ADMIT454',
      actual: shown(subnet),
      expected: 'an IP address or a CIDR range',
      because: 'connections are distinguished by destination address',
      fix: 'write an address such as \'10.1.2.3\' or a range such as \'10.1.0.0/16\'',
    });
  });
}

/** What distinguishes a Unix domain socket from an IP address. */
export const UNIX_ADDRESS_PREFIX = 'unix://';

/** An address `unix://…`: an absolute path to a file, or an abstract socket that starts with `@`. */
export function judgeUnixAddress(at: Objections, address: string): void {
  const path = address.slice(UNIX_ADDRESS_PREFIX.length);
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return;
  at.error({
    code: 'ADMIT455',
    actual: shown(address),
    expected: 'an absolute path to a file, or an abstract socket such as \'unix://@name\'',
    because: 'Envoy opens the socket by that path, whatever folder it runs in',
    fix: 'write a path such as \'unix:///var/run/app.sock\'',
  });
}

/** Whether every `%` after `#` starts an escape, which the CRD's own rule for URLs doesn't check. */
export function hasReadableFragment(url: string): boolean {
  const hash = url.indexOf('#');
  return hash < 0 || !/%(?![0-9a-fA-F]{2})/.test(url.slice(hash));
}

/** Whether its scheme is http or https, and its port, if any, a number that fits in 64 bits. */
export function isHttpUrl(url: string): boolean {
  const match = /^https?:(?:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?=[/?#]|$))?/i.exec(url);
  return match !== null && (!match[1] || parseGoInteger(match[1]) !== undefined) && hasReadableFragment(url);
}
