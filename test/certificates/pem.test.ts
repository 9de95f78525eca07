import { LONGEST_PEM, readPem } from '../../src/certificates/pem';
import { toPem } from '../support/certificates/x509';

const BYTES = Buffer.from('some bytes that are longer than what fits into a single line of base64');
const BLOCK = toPem('CERTIFICATE', BYTES);

test.each<[string, string, number, boolean]>([
  ['one block', BLOCK, 1, false],
  ['two blocks', BLOCK + BLOCK, 2, false],
  ['a block with white space around it', `\n  \n${BLOCK}\n\t\n`, 1, false],
  ['a block with CRLF', BLOCK.replace(/\n/g, '\r\n'), 1, false],
  ['a block without a last line end', BLOCK.trimEnd(), 1, false],
  ['a block with blanks after each line', BLOCK.replace(/\n/g, ' \n'), 1, false],
  ['a block after other text', `subject=CN\n${BLOCK}`, 1, true],
  ['a block before other text', `${BLOCK}x`, 1, true],
  ['a block after a byte order mark', `\ufeff${BLOCK}`, 0, true],
  ['an indented block', BLOCK.replace(/^/gm, '  '), 0, true],
  ['two blocks joined without a line end', BLOCK.trimEnd() + BLOCK, 0, true],
  ['a block that doesn\'t end', BLOCK.replace(/-----END.*\n/, ''), 0, true],
  ['a block whose end has another label', BLOCK.replace('END CERTIFICATE', 'END X509 CRL'), 0, true],
  ['a block within one that doesn\'t end', `-----BEGIN CERTIFICATE-----\n${BLOCK}`, 1, true],
  ['an empty text', '', 0, false],
])('counts blocks and notices other text: %s', (_, text, blocks, hasOtherText) => {
  const pem = readPem(text);
  expect([pem.blocks.length, pem.hasOtherText]).toEqual([blocks, hasOtherText]);
  for (const { label, bytes, hasHeaders } of pem.blocks) expect([label, bytes, hasHeaders]).toEqual(['CERTIFICATE', BYTES, false]);
});

test('reports headers and invalid base64', () => {
  const encrypted = BLOCK.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n');
  expect(readPem(encrypted).blocks.map(({ bytes, hasHeaders }) => [bytes, hasHeaders])).toEqual([[BYTES, true]]);
  expect(readPem(BLOCK.replace('c2', '!!')).blocks.map(({ bytes }) => bytes)).toEqual([undefined]);
});

test('detects DER', () => {
  expect([readPem('0\x82\x01\x00xx').isDer, readPem('0 is a number').isDer, readPem(BLOCK).isDer]).toEqual([true, false, false]);
});

test.each<[string, string]>([
  ['beginnings', '-----BEGIN CERTIFICATE-----\n'],
  ['ends', '-----END CERTIFICATE-----\n'],
  ['dashes', '-----\n'],
  ['empty lines', '\n'],
  ['empty blocks', '-----BEGIN A-----\n-----END A-----\n'],
])('a text of the greatest length with nothing but %s is read within seconds', (_, piece) => {
  const text = piece.repeat(LONGEST_PEM / piece.length);
  const start = process.hrtime.bigint();
  readPem(text);
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5);
});
