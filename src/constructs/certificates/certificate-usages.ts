import { shownName } from '../../certificates/shown-name';
import { Refuse } from '../refuse';

const KEY_USAGES = [
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment',
  'cert sign', 'crl sign', 'encipher only', 'decipher only',
];
const SERVER_USAGES = ['server auth', 'any'];
const EXTENDED_KEY_USAGES = [
  ...SERVER_USAGES, 'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel',
  'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
];

/** Refuses usages that cert-manager doesn't know, or with which istiod wouldn't start. */
export function checkUsages(usages: readonly string[], refuse: Refuse): void {
  const unknown = usages.find((usage) => ![...KEY_USAGES, ...EXTENDED_KEY_USAGES].includes(usage));
  if (unknown !== undefined) {
    throw refuse({
      code: 'MTLS066',
      field: 'usages',
      actual: shownName(unknown),
      expected: `words of cert-manager: ${[...KEY_USAGES, ...EXTENDED_KEY_USAGES].join(', ')}`,
      fix: "correct 'usages'",
    });
  }
  const extended = usages.filter((usage) => EXTENDED_KEY_USAGES.includes(usage));
  if (extended.length === 0 || extended.some((usage) => SERVER_USAGES.includes(usage))) return;
  throw refuse({
    code: 'MTLS066',
    field: 'usages',
    actual: extended.join(', '),
    expected: "no extended key usages, or 'server auth' among them",
    because: 'istiod verifies its CA for server authentication and does not start otherwise',
    fix: "add 'server auth', or leave out the extended key usages",
  });
}
