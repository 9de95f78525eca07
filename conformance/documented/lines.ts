// What README.md, the pages of docs/ and the verbs' help have readers type of Helm, kustomize, kubectl get and curl.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

export interface DocumentedLine {
  /** Where it is read first. */
  readonly page: string;
  /** The whole line, pipe and all. */
  readonly text: string;
}

/** Programs whose lines no test of the documentation runs: they need a chart, an overlay, a cluster or a server. */
const PROGRAM = /(?:^|[|&;(] *)(?:helm template|kustomize build|kubectl get|curl) +\S/;

/** docs/conformance.md is made from runs of the suite: what it lists are shapes of commands. */
const GENERATED = join('docs', 'conformance.md');

/** In a sentence, a program's output rather than a line to type. */
const MENTIONS: ReadonlySet<string> = new Set(['kubectl get -o yaml']);

/** What stands before a command: a list's mark, a key of a workflow, a prompt, a comment's mark. */
const BEFORE = /^\s*(?:\* +)?(?:- +)?(?:run: +)?(?:\$ +)?/;

/** Each line once. */
export function documentedLines(): readonly DocumentedLine[] {
  const found = [...pages().flatMap((page) => linesOf(page, read(page))), ...helps().flatMap((page) => examplesIn(page, read(page)))];
  return found.filter(({ text }, index) => found.findIndex((other) => other.text === text) === index);
}

/** The lines of a page's fences, of any language, and of its sentences. */
export function linesOf(page: string, text: string): readonly DocumentedLine[] {
  const found: string[] = [];
  const prose = text.replace(/^( *)(`{3,})\w*[^\n]*\n([^]*?)^\1\2$/gm, (_whole, _indent: string, _ticks: string, inside: string) => {
    for (const line of inside.split('\n')) found.push(...line.includes('`') ? spansIn(line) : [commandIn(line)]);
    return '';
  });
  return [...found, ...spansIn(prose)].filter((line) => PROGRAM.test(line) && !MENTIONS.has(line)).map((line) => ({ page, text: line }));
}

/** A code span may go on in the next line. */
function spansIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(([, code]) => code.replace(/\s*\n\s*/, ' ').replaceAll('\\|', '|'));
}

function commandIn(line: string): string {
  const bare = line.replace(BEFORE, '').replace(/ +#.*$/, '').trimEnd();
  return /^'.*'$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** The examples of a verb's help, behind prompts. */
function examplesIn(page: string, text: string): readonly DocumentedLine[] {
  return text.split('\n').filter((line) => /^ +\$ /.test(line)).map(commandIn).filter((line) => PROGRAM.test(line)).map((line) => ({ page, text: line }));
}

function pages(): readonly string[] {
  return ['README.md', ...filesIn('docs', '.md').filter((page) => page !== GENERATED)];
}

function helps(): readonly string[] {
  return filesIn(join('src', 'cli'), '.ts');
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending)).sort().map((name) => join(folder, name));
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}
