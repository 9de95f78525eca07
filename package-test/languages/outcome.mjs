// What a program wrote and printed, beside what the one in TypeScript did.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import yaml from 'js-yaml';
import { sameText } from '../checks.mjs';

/** The objects in a folder of YAML files, in their order, each with its file. */
export function objectsIn(folder) {
  return readdirSync(folder).filter((file) => file.endsWith('.yaml')).sort()
    .flatMap((file) => yaml.loadAll(readFileSync(join(folder, file), 'utf8')).map((object) => ({ file, object })));
}

/** Throws on the first object that differs. */
export function sameObjects(actual, expected) {
  sameText(actual.map(nameOf).join('\n'), expected.map(nameOf).join('\n'));
  const textOf = (one) => JSON.stringify(one, undefined, 1);
  const differing = expected.findIndex((one, index) => textOf(actual[index]) !== textOf(one));
  if (differing !== -1) throw new Error(`${nameOf(expected[differing])} is\n${textOf(actual[differing])}\nexpected\n${textOf(expected[differing])}`);
}

/**
 * Throws where a line that the program in TypeScript prints isn't there, or isn't in its turn. In other languages, jsii says before the
 * message of an error that it is one, and may add where it came from.
 */
export function samePrinted(printed, expected) {
  const actual = stripVTControlCharacters(printed).replace(/^Error: /gm, '').split('\n');
  let from = 0;
  for (const line of expected.trimEnd().split('\n')) {
    const at = actual.indexOf(line, from);
    if (at === -1) throw new Error(`this isn't printed in its turn: ${line}\nbut this is:\n${printed}`);
    from = at + 1;
  }
}

/** No example of ours may be TypeScript in the docs of another language. */
export function noTypeScript(texts) {
  const found = texts.flatMap((text) => text.match(/^.*(\bimport \{.*\} from '|```ts\b).*$/gm) ?? []);
  if (found.length > 0) throw new Error(`${found.length} lines are TypeScript; the first is ${JSON.stringify(found[0])}`);
}

const nameOf = ({ file, object: { kind, metadata: { namespace, name } } }) => `${file}: ${kind} ${namespace}/${name}`;
