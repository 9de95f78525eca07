import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { CHILD, runChild } from './child-process';
import type { VerbContext } from './verb';
import { SettingsError } from '../../configuration/settings-file';
import { calendarDateOf } from '../../findings/acknowledgement';
import { LimitError } from '../../findings/refusal';
import { printable, printableLines, redacted } from '../../findings/safe-text';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import type { Package } from '../output/package';
import { Progress, ReaderGone, Terminal, written } from '../output/terminal';

/** The verbs by name, each with a function that adds it to a program. */
export type Verbs = Readonly<Record<string, (program: Command, context: VerbContext) => void>>;

/** Runs a command line and returns its exit code; a faulty command line, configuration file or baseline gives 2. */
export async function runWith(verbs: Verbs, args: readonly string[], packaged: Package, terminal: Terminal): Promise<number> {
  let exitCode = 0;
  try {
    const context: VerbContext = { terminal, packaged, finish: (code) => { exitCode = code; } };
    await parsed((writeOut) => programFor(verbsFor(args[0], verbs), context, writeOut), args, terminal);
  } catch (error) {
    if (error instanceof ReaderGone) return exitCode;
    if (error instanceof LimitError) {
      terminal.error(`${printable(error.message)}\n`);
      return 2;
    }
    if (error instanceof SettingsError) {
      terminal.error(error.faults.map((fault) => `${printable(fault)}\n`).join(''));
      return 2;
    }
    if (!(error instanceof CommanderError)) throw error;
    // Help and version aren't errors, but a missing verb is.
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

/**
 * Parses the command line with the program. Its parser doesn't wait for the
 * reader of help and version, so these are collected and written at the end.
 */
async function parsed(make: (writeOut: (text: string) => void) => Command, args: readonly string[], terminal: Terminal): Promise<void> {
  let help = '';
  try {
    await make((text) => { help += text; }).parseAsync(args, { from: 'user' });
  } finally {
    if (help !== '') await terminal.out(help);
  }
}

/** All verbs, or only the one that the command line begins with, so that the others aren't loaded. */
function verbsFor(first: string | undefined, verbs: Verbs): Verbs {
  return first !== undefined && Object.hasOwn(verbs, first) ? { [first]: verbs[first] } : verbs;
}

/** The command line. */
function programFor(verbs: Verbs, context: VerbContext, writeOut: (text: string) => void): Command {
  const { terminal, packaged } = context;
  const program = new Command('istio-mtls')
    .description('Checks Kubernetes manifests for Istio mutual TLS problems before you apply them.')
    .version(`${packaged.version} (Istio ${ISTIO_MINOR})`, '-V, --version', 'print the version and the Istio minor version it models')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print help for a command')
    .exitOverride()
    .showHelpAfterError('(see istio-mtls --help)')
    .configureOutput({
      writeOut,
      // The message repeats arguments, which may hold control characters.
      writeErr: (text) => terminal.error(printableLines(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const addVerb of Object.values(verbs)) addVerb(program, context);
  return program;
}

/** The command, from its words to its exit code. */
export async function runCommand(verbs: Verbs, args: readonly string[], packaged: Package): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') fail(message);
    });
  }
  process.on('uncaughtException', (error) => fail(defectText(error, process.env)));
  const isChild = process.env[CHILD] !== undefined;
  process.exitCode = await runWith(verbs, args, packaged, {
    input: () => process.stdin,
    prepareFor: setV8Flags,
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    env: process.env,
    out: (text) => written(text, process.stdout),
    error: (text) => void process.stderr.write(text),
    today: () => calendarDateOf(new Date()),
    now: () => new Date(),
    progress: new Progress(isChild
      ? { isTTY: process.env[CHILD] === 'terminal', write: (text) => process.stderr.write(text) }
      : process.stderr, () => Number(process.hrtime.bigint()) / 1e6),
    runChild: isChild ? undefined : (input) => runChild([...process.execArgv, process.argv[1], ...args], input, process.stderr),
  });
}

/** The major versions of V8 in which the flags were measured; a version without a flag would complain on standard error. */
const MEASURED = ['11'];

/** Number of characters from which a run is long enough for flags to pay. */
const LARGE = 50_000;

/** Number of characters (about 30,000 objects) from which a run takes seconds, and V8 should optimize sooner. */
const VAST = 8_000_000;

function flagsFor(characters: number): readonly string[] {
  return [
    // The bytes of bytecode that a function runs before V8 optimizes it; the default of these versions is 66,000. Most runs end
    // before most optimizations pay, and the compiler's threads take a third of the processor time from reading and judging.
    `--interrupt-budget=${characters < VAST ? 1_200_000 : 200_000}`,
    // The growth of the heap before a full collection. By default it grows up to
    // four times, mostly with garbage of findings; doubling it costs no time.
    '--heap-growing-percent=100',
    // Nearly everything that such a run makes lives until it ends: a thread that marks beside it finds little that doesn't.
    ...characters < VAST ? ['--no-concurrent-marking'] : [],
  ];
}

/** Sets V8's flags for runs of a few seconds. */
function setV8Flags(characters: number): void {
  if (characters >= LARGE && MEASURED.includes(process.versions.v8.split('.')[0])) {
    for (const flag of flagsFor(characters)) setFlagsFromString(flag);
  }
}

/** An unforeseen error: a defect of the command, whatever the manifests hold. */
function defectText({ stack, message }: Error, { DEBUG }: NodeJS.ProcessEnv): string {
  return DEBUG
    ? stack ?? message
    : `${printable(redacted(message))}\nThis is a bug in istio-mtls. Fix: report it with the manifests and the output with DEBUG=1.`;
}

/** Exit 2: Node's default of 1 would mean findings. */
function fail(reason: string): never {
  try {
    writeSync(process.stderr.fd, `istio-mtls could not finish: ${printableLines(reason)}\n`);
  } finally {
    process.exit(2);
  }
}
