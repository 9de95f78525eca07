import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(__dirname, '..', 'src');
const DECLARED = /^export (?:declare )?(?:abstract )?(?:async )?(?:const enum|enum|function\*?|const|class|interface|type) (\w+)/gm;

/** Names that are an interface: a file that loads one of several calls it by this name. */
const INTERFACES: Readonly<Record<string, RegExp>> = {
  /** The programs of the command: `cli/start.ts` loads one of them. */
  main: /^cli\/(?:check-)?main\.ts$/,
};

/** Types of the library's interface that stand for the engine's of the same name: jsii needs types of its own for them. */
const OF_LIBRARY = ['Condition', 'Connection', 'ConnectionQuery', 'Finding', 'Hop', 'MeshObject', 'MissingFact', 'Reason', 'Summary'];
const isOfLibrary = (name: string, file: string): boolean => file.startsWith('integration/') && OF_LIBRARY.includes(name);

/** The files that export each name; a name that a file overloads counts once. */
function filesByName(texts: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const [file, text] of texts) {
    for (const name of new Set([...text.matchAll(DECLARED)].map(([, declared]) => declared))) {
      if (!INTERFACES[name]?.test(file) && !isOfLibrary(name, file)) files.set(name, [...files.get(name) ?? [], file]);
    }
  }
  return files;
}

function sharedNames(texts: ReadonlyMap<string, string>): readonly string[] {
  return [...filesByName(texts)].filter(([, files]) => files.length > 1).map(([name, files]) => `${name}: ${files.join(', ')}`);
}

const sources = new Map(readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(join(SRC, file), 'utf8')] as const));

test('each name is exported by one file: one name for one thing', () => {
  expect(filesByName(sources).size).toBeGreaterThan(1000);
  expect(sharedNames(sources)).toEqual([]);
});

test.each([
  ['two types', 'export interface Target {', 'export type Target = string;', ['Target: a.ts, b.ts']],
  ['a function and a generator', 'export async function run() {', 'export function* run() {', ['run: a.ts, b.ts']],
  ['an overload', 'export function of(a: string): string;\nexport function of(a: number): number;', 'export const on = 1;', []],
  ['what a file keeps to itself', 'interface Target {', 'export interface Target {', []],
])('%s', (_, one, other, expected) => {
  expect(sharedNames(new Map([['a.ts', one], ['b.ts', other]]))).toEqual(expected);
});
