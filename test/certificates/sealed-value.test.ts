import { isSealed } from '../../src/certificates/sealed-value';
import { newCa, sealedValue } from '../support/certificates/cacerts';
import { bodyOf } from '../support/certificates/leaks';

const { caKey, caCert } = newCa().props;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a sealed value', () => {
  test.each([256, 512, 1024])('begins with the length of its RSA part, as with %d bytes', (rsaBytes) => {
    expect(isSealed(sealedValue(rsaBytes))).toBe(true);
  });

  test.each([
    ['undefined', undefined],
    ['an empty text', ''],
    ['a PEM', caKey],
    ['the base64 of a PEM', base64(caKey)],
    ['the body of a private key', bodyOf(caKey)],
    ['the body of a certificate', bodyOf(caCert)],
    ['something after it', `${sealedValue()}\n`],
    ['no base64', sealedValue().slice(0, -1)],
    ['a part of it', sealedValue().slice(0, 400)],
    ['a length without the rest', base64('\u0002\u0000')],
  ])('is not %s', (_, value) => {
    expect(isSealed(value)).toBe(false);
  });
});
