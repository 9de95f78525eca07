import { editDistance, nearest } from '../../src/findings/nearest';

test.each([
  ['mode', 'mode', 0],
  ['mod', 'mode', 1],
  ['mdoe', 'mode', 1],
  ['', 'mode', 4],
  ['selector', 'spec', 5],
])('from %s to %s it is %d', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(to, from)).toBe(distance);
});

test.each([
  ['mod', ['host', 'mode'], 'mode'],
  ['strict', ['UNSET', 'STRICT'], 'STRICT'],
  ['client_certificate', ['caCertificates', 'clientCertificate'], 'clientCertificate'],
  ['peers', ['mtls', 'portLevelMtls', 'selector'], undefined],
  ['foo', [], undefined],
  ['m'.repeat(100_000), ['m'.repeat(99_999)], undefined],
])('nearest to %.20s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
