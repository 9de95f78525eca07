import { isSealed } from '../../src/certificates/sealed-value';
import { newCa, sealedValue } from '../support/certificates/cacerts';
import { bodyOf } from '../support/certificates/leaks';

const { caKey, caCert } = newCa().props;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a sealed value', () => {
  test.each([256, 512, 1024])('may have an RSA part of %d bytes, with their number before it', (rsaBytes) => {
    expect(isSealed(sealedValue(rsaBytes))).toBe(true);
  });

  test.each([
    ['a missing value', undefined],
    ['an empty text', ''],
    ['a PEM', caKey],
    ['the base64 of a PEM', base64(caKey)],
    ['the body of a private key', bodyOf(caKey)],
    ['the body of a certificate', bodyOf(caCert)],
    ['a sealed value and a line end', `${sealedValue()}\n`],
    ['broken base64', sealedValue().slice(0, -1)],
    ['the beginning of a sealed value', sealedValue().slice(0, 400)],
    ['a length without the rest', base64('\u0002\u0000')],
  ])('can\'t be %s', (_, value) => {
    expect(isSealed(value)).toBe(false);
  });
});
