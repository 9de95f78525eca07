// Commands and files as the documentation shows them, so that what is tested is what is read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The texts of a page's fences of one language, from a heading on. Throws when there is none. */
export function fences(root, page, heading, language) {
  const text = readFileSync(join(root, page), 'utf8');
  const after = text.slice(text.indexOf(`${heading}\n`));
  const found = [...after.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, written]) => written === language);
  if (!text.includes(`${heading}\n`) || found.length === 0) throw new Error(`${page} has no fence '${language}' after '${heading}'; expected one with what users type`);
  return found.map(([, , inside]) => inside);
}
