import { toldOf } from '../../support/admission/webhook';

const told = (spec: object) => toldOf('PeerAuthentication', spec);
const selector = { matchLabels: { app: 'a' } };

test.each([
  ['an empty spec', {}],
  ['a mode', { mtls: { mode: 'STRICT' } }],
  ['modes of ports with a selector', { selector, portLevelMtls: { 1: { mode: 'DISABLE' }, 65535: {} } }],
])('accepts %s', (_, spec) => {
  expect(told(spec)).toEqual([]);
});

test.each([
  ['an empty portLevelMtls', { selector, portLevelMtls: {} }, ['ADMIT457 spec.portLevelMtls']],
  ['port modes without a selector', { portLevelMtls: { 80: {} } }, ['ADMIT457 spec.portLevelMtls']],
  ['port 0', { selector, portLevelMtls: { 0: {} } }, ['ADMIT457 spec.portLevelMtls[0]']],
  ['a port over 65535', { selector, portLevelMtls: { 65536: {} } }, ['ADMIT457 spec.portLevelMtls[65536]']],
  ['a port with a sign, which the CRD admits', { selector, portLevelMtls: { '+80': {} } }, ['ADMIT457 spec.portLevelMtls[+80]']],
  ['a port with a leading zero, which the CRD admits', { selector, portLevelMtls: { '080': {} } }, ['ADMIT457 spec.portLevelMtls[080]']],
])('rejects %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});

test.each([
  ['no fields', { selector: {} }, ['warning ADMIT451 spec.selector.matchLabels']],
  ['no labels', { selector: { matchLabels: {} } }, ['warning ADMIT451 spec.selector.matchLabels']],
  ['no labels beside port modes', { selector: {}, portLevelMtls: { 80: {} } }, ['ADMIT457 spec.portLevelMtls', 'warning ADMIT451 spec.selector.matchLabels']],
  ['a wildcard as a key', { selector: { matchLabels: { 'a*': 'b' } } }, ['ADMIT450 spec.selector.matchLabels[a*]']],
  ['a wildcard as a value', { selector: { matchLabels: { a: '*' } } }, ['ADMIT450 spec.selector.matchLabels.a']],
  ['an empty key', { selector: { matchLabels: { '': 'b' } } }, ['ADMIT450 spec.selector.matchLabels[]']],
])('checks a selector with %s', (_, spec, expected) => {
  expect(told(spec)).toEqual(expected);
});
