import { newCa } from './cacerts';
import { privateHalf, shows } from './leaks';

describe('the search for leaks', () => {
  const { caKey, certChain } = newCa().props;
  const body = privateHalf(caKey);
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  test.each([
    ['as it is', caKey],
    ['in a JSON string', JSON.stringify({ caKey })],
    ['folded', caKey.replace(/(.{10})/g, '$1\n      ')],
    ['in base64', `data: ${base64(caKey)}`],
    ['in base64 from another byte on', base64(`x${caKey}`).replace(/(.{40})/g, '$1\n  ')],
    ['in base64 of base64', base64(base64(`xy${caKey}`))],
    ['as a slice', `near ${body.slice(15, 35)} failed`],
  ])('finds a key %s', (_, text) => {
    expect(shows(text, body)).toBe(true);
  });

  test.each([['nothing', ''], ['certificates', certChain], ['a shorter slice', body.slice(10, 29)]])('does not find one in %s', (_, text) => {
    expect(shows(text, body)).toBe(false);
  });
});
