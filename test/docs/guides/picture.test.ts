import { readFileSync } from 'node:fs';
import { terminalSvg } from '../../../tools/terminal-svg.cjs';
import { removeFolders } from '../../support/command/scratch';
import { PICTURE, pictureOfCheck } from '../../support/documents/picture-of-check';

afterAll(removeFolders);

test('the picture in README.md shows check\'s output: node tools/terminal-picture.mjs redraws it', async () => {
  expect(await pictureOfCheck()).toBe(readFileSync(PICTURE, 'utf8'));
});

test('colours, columns and characters of markup come through', () => {
  const svg = terminalSvg('a <b>', '\u001b[31m✖ error\u001b[39m  <a> & b\n\u001b[1mbold\u001b[22m \u001b[2mfaint\u001b[22m\n');
  expect(svg).toContain('<title id="title">a &lt;b&gt;</title>');
  expect([...svg.matchAll(/<text x="([^"]*)" y="(\d+)" textLength="[^"]*"([^>]*)>([^<]*)</g)].map(([, ...found]) => found)).toEqual([
    ['18.0', '57', ' fill="#ff7b72"', '✖ error'], ['88.2', '57', '', '&lt;a&gt; &amp; b'],
    ['18.0', '75', ' font-weight="bold"', 'bold'], ['57.0', '75', ' fill="#8b949e"', 'faint'],
  ]);
  expect(() => terminalSvg('a', '\u001b[5mblinks')).toThrow('style 5');
});
