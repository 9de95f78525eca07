import { editDistance, nearest } from '../../src/findings/nearest';
import { casesOf } from '../support/random/cases';
import { fc } from '../support/random/fast-check';

test.each([
  ['mode', 'mode', 0],
  ['mod', 'mode', 1],
  ['mdoe', 'mode', 1],
  ['', 'mode', 4],
  ['selector', 'spec', 5],
])('the edit distance from \'%s\' to \'%s\' is %d', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

test('a limit doesn\'t change distances up to it, and larger ones stay above it', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
  fc.assert(fc.property(word, word, fc.nat(9), (from, to, limit) => {
    const distance = editDistance(from, to);
    if (distance <= limit) expect(editDistance(from, to, limit)).toBe(distance);
    else expect(editDistance(from, to, limit)).toBeGreaterThan(limit);
  }), { numRuns: casesOf('texts').count(2000) });
});

test.each([
  ['of which one has a letter more', 'mod', ['host', 'mode'], 'mode'],
  ['of which one differs in case', 'strict', ['UNSET', 'STRICT'], 'STRICT'],
  ['of which one is in camel case', 'client_certificate', ['caCertificates', 'clientCertificate'], 'clientCertificate'],
  ['of which none is near', 'peers', ['mtls', 'portLevelMtls', 'selector'], undefined],
  ['that are none', 'foo', [], undefined],
  ['of 100,000 characters', 'm'.repeat(100_000), ['m'.repeat(99_999)], undefined],
])('finds the nearest of candidates %s', (_, word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
