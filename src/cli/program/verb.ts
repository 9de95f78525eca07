import type { Command } from 'commander';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { shellWord } from '../../findings/shell-words';
import { grouped } from '../../mesh/collections';
import { Note, Skipped } from '../input/raw-sources';
import { Reading } from '../input/reading';
import type { Package } from '../output/package';
import { Colours, coloursFor, counted } from '../output/printer';
import { Terminal } from '../output/terminal';

/** A verb's environment. */
export interface VerbContext {
  readonly terminal: Terminal;
  readonly packaged: Package;
  /** Sets the exit code, before anything is printed: the reader may close the output early. */
  finish(exitCode: number): void;
}

/** Help about the paths of a command line. */
export const PATH_HELP = `
PATH is a file, a folder (its *.yaml, *.yml and *.json files, recursively), a pattern in
quotes, or - for standard input.
`;

/** The user's own command with one more option, for a shell. After `--`, options would be paths. */
export function commandWith(option: string, verb: Command): string {
  const words = wordsOf(verb);
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return `istio-mtls ${[...words.slice(0, end), option, ...words.slice(end)].map((word) => printable(shellWord(word))).join(' ')}`;
}

/** The words of the command line, which the types of commander leave out. */
function wordsOf(verb: Command): readonly string[] {
  return verb.parent ? wordsOf(verb.parent) : (verb as Command & { readonly rawArgs: readonly string[] }).rawArgs;
}

/** A note that refused objects aren't part of the mesh; empty if there are none. */
export function refusedNote(count: number): string {
  return count === 0
    ? ''
    : `${counted(count, 'object')} would be rejected and ${count === 1 ? 'is' : 'are'} ignored here: see istio-mtls check.\n`;
}

/** How many notes of one sort are printed before the rest is only counted. */
const FEW = 3;

/** Reports notes on how the manifests were read: below a report for people, or on standard error beside other formats. */
export async function tellReading(reading: Reading, listsSkipped: boolean, terminal: Terminal, isReport: boolean): Promise<void> {
  const text = readingText(reading, listsSkipped, coloursFor(terminal.isTerminal, terminal.env));
  if (text === '') return;
  if (isReport) await terminal.out(text);
  else terminal.error(text);
}

/** The notes, one per line; empty if there are none. */
function readingText({ notes, skipped }: Reading, listsSkipped: boolean, colours: Colours): string {
  const lines = [
    ...[...grouped(notes, ({ about }) => about).values()].flatMap((some) => linesOf(some, listsSkipped)),
    ...listsSkipped && skipped.length > 0 ? ['', colours.bold('Skipped'),
      ...skipped.map((one) => `  ${colours.cyan(placeOf(one))}  ${printable(one.why)}`)] : [],
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function linesOf(notes: readonly Note[], isWhole: boolean): string[] {
  const lines = notes.map(({ text }) => printable(text));
  if (isWhole || lines.length <= FEW + 1) return lines;
  return [...lines.slice(0, FEW), `… and ${numeral(lines.length - FEW)} more ${notes[0].about}s (--list-skipped shows them)`];
}

function placeOf({ file, position }: Skipped): string {
  return printable(position ? `${file}:${position.line}` : file);
}
