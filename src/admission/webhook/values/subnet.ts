import { isCidr, isIpAddress } from './ip';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** Objects to what is neither an address nor a range; with two slashes or more it is read as an address with a zone. */
export function judgeSubnets(at: Objections, subnets: readonly string[] | undefined): void {
  (subnets ?? []).forEach((subnet, index) => {
    if (subnet.split('/').length === 2 ? isCidr(subnet) : isIpAddress(subnet)) return;
    at.at(index).error({
      code: 'ADMIT454',
      actual: shown(subnet),
      expected: 'an IP address or a CIDR range',
      because: 'connections are told apart by their destination\'s address',
      fix: 'write an address such as \'10.1.2.3\' or a range such as \'10.1.0.0/16\'',
    });
  });
}
