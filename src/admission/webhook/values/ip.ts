import { isCidr, isIpAddress } from './integer-text';
import { shown } from '../../../findings/shown';
import { Objections } from '../objections';

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
