// The codes of what kubectl takes and the library refuses, from the documentation that users read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(__dirname, '../../docs/admission.md');
const HEADING = /^### YAML that kubectl accepts and that is rejected here /;

/** The codes in the table under the heading. */
export function exoticCodes(document: string = readFileSync(DOCUMENT, 'utf8')): Set<string> {
  const lines = document.split('\n');
  const start = lines.findIndex((line) => HEADING.test(line)) + 1;
  if (start === 0) return new Set();
  const end = lines.findIndex((line, index) => index >= start && line.startsWith('#'));
  const rows = lines.slice(start, end < 0 ? undefined : end);
  return new Set(rows.flatMap((row) => /^\| (ADMIT\d{3}) \|/.exec(row)?.[1] ?? []));
}
