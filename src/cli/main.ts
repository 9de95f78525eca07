import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { APART, runApart } from './apart';
import { Package } from './package';
import { programFor } from './program';
import { Progress } from './progress';
import { Terminal } from './terminal';
import { setV8Flags } from './v8-flags';
import { ReaderGone, written } from './written';
import { SettingsError } from '../configuration/settings-file';
import { calendarDateOf } from '../findings/calendar-date';
import { printable, printableLines } from '../findings/printable';
import { redacted } from '../findings/redaction';
import { LimitError } from '../findings/refusal';

/** Runs a command line and gives its exit code; what is wrong with the command line itself, or its files of settings, gives 2. */
export async function run(args: readonly string[], packaged: Package, terminal: Terminal): Promise<number> {
  let exitCode = 0;
  try {
    await programFor(terminal, packaged, (code) => { exitCode = code; }).parseAsync(args, { from: 'user' });
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
    // Help and version are no errors, but no verb at all is.
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

/** The command: what its bin file runs. */
export async function main(args: readonly string[], packaged: Package): Promise<void> {
  setV8Flags();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code !== 'EPIPE') fail(message);
    });
  }
  process.on('uncaughtException', (error) => fail(defectText(error, process.env)));
  const isApart = process.env[APART] !== undefined;
  process.exitCode = await run(args, packaged, {
    input: () => process.stdin,
    isTerminal: process.stdout.isTTY === true,
    columns: process.stdout.columns,
    env: process.env,
    out: (text) => written(text, process.stdout),
    error: (text) => void process.stderr.write(text),
    today: () => calendarDateOf(new Date()),
    progress: new Progress(isApart ? { isTTY: process.env[APART] === 'terminal', write: (text) => process.stderr.write(text) } : process.stderr, () => performance.now()),
    apart: isApart ? undefined : (input) => runApart([...process.execArgv, process.argv[1], ...args], input, process.stderr),
  });
}

/** An error that nobody has foreseen: a defect of the command, whatever the manifests hold. */
function defectText({ stack, message }: Error, { DEBUG }: NodeJS.ProcessEnv): string {
  return DEBUG ? stack ?? message : `${printable(redacted(message))}\nThis is a defect of istio-mtls. Fix: report it with the manifests, and with what DEBUG=1 adds.`;
}

/** Exit 2: Node's default of 1 would mean findings. */
function fail(reason: string): never {
  try {
    writeSync(process.stderr.fd, `istio-mtls could not finish: ${printableLines(reason)}\n`);
  } finally {
    process.exit(2);
  }
}
