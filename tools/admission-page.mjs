// Makes the tables of docs/admission.md from the catalogue of codes; the text around them is written by hand. Needs a compiled lib/.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { ADMISSION_CATALOGUE } = createRequire(import.meta.url)('../lib/src/admission/catalogue.js');
const PAGE = new URL('../docs/admission.md', import.meta.url);

const page = ADMISSION_CATALOGUE.reduce(withTable, readFileSync(PAGE, 'utf8'));
writeFileSync(PAGE, page);

/** The page with the rows of one section's table, which is the first under its heading. */
function withTable(text, { heading, codes }) {
  const begin = text.indexOf(`\n## ${heading}\n`);
  const found = /(\n\| code \| [^\n]*\n\|---\|---\|---\|\n)(?:\|[^\n]*\n)*/.exec(text.slice(begin));
  if (begin < 0 || !found) throw new Error(`docs/admission.md: no table under '## ${heading}'`);
  const at = begin + found.index;
  return `${text.slice(0, at)}${found[1]}${codes.map(row).join('')}${text.slice(at + found[0].length)}`;
}

function row({ code, severity, what, why }) {
  return `| ${code} | ${severity === 'error' ? '' : `(${severity}) `}${what} | ${why} |\n`;
}
