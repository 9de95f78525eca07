import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { getHeapStatistics } from 'node:v8';
import { VerbContext } from './verb';
import { STANDARD_INPUT_NAME, Texts } from '../input/sources';

/** The variable that marks a child process: `terminal` if the user's output is a terminal. */
export const CHILD = 'ISTIO_MTLS_APART';

/** The most memory that judging a text takes, in multiples of its size; it mostly takes a third of that. */
const MULTIPLE = 60;

/** Texts up to this size fit in any memory that Node starts with, which saves a millisecond to ask for the limit. */
const ALWAYS_FIT = 50_000;

/** The beginning of V8's crash report when memory runs out. */
const LAST_WORDS = /\n?(?:<--- Last few GCs --->|FATAL ERROR: |<--- JS stacktrace --->|#\n# Fatal)/;

/** Signals that end both processes. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the command in a child process if judging the texts might take more memory
 * than this process has; returns whether it did and the run is complete.
 */
export async function isDoneByChild({ texts }: Pick<Texts, 'texts'>, { terminal, finish }: VerbContext): Promise<boolean> {
  const length = texts.reduce((sum, one) => sum + ('text' in one ? one.text.length : 0), 0);
  const input = texts.find(({ name }) => name === STANDARD_INPUT_NAME);
  if (!terminal.runChild || !mayRunOut(length) || (input && 'problem' in input)) return false;
  finish(await terminal.runChild(input?.text));
  return true;
}

/** Whether judging so long a text might take more memory than Node gives. */
export function mayRunOut(characters: number): boolean {
  return characters > ALWAYS_FIT && characters * MULTIPLE > getHeapStatistics().heap_size_limit;
}

/**
 * Runs the command again in a child process and returns its exit code. A
 * process that is out of memory can't report anything, so its parent does.
 *
 * @param args Node's arguments: the command's file and its arguments
 * @param input the content of standard input, if it was read
 */
export function runChild(
  args: readonly string[], input: string | undefined, error: Writable & { readonly isTTY?: boolean },
): Promise<number> {
  const env = { ...process.env, [CHILD]: error.isTTY ? 'terminal' : 'plain' };
  const child = spawn(process.execPath, args, { env, stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'pipe'] });
  // Writing fails if the child has ended.
  child.stdin?.on('error', () => undefined).end(input);
  forwardUntilLastWords(child.stderr!, error);
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const one of PASSED_ON) process.removeAllListeners(one);
      if (PASSED_ON.some((one) => one === signal)) process.kill(process.pid, signal!);
      const reason = endOf(code, signal);
      if (reason) {
        error.write(`istio-mtls could not finish: ${reason}; nothing was checked.\nFix: check fewer manifests at a time, `
          + 'or give Node more memory, such as with NODE_OPTIONS=--max-old-space-size=8192.\n');
      }
      resolve(reason ? 2 : code!);
    });
  });
}

/** Why a process ended, if it didn't exit by itself. */
function endOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  const limit = `${Math.round(getHeapStatistics().heap_size_limit / 1024 / 1024)} MB`;
  if (signal === 'SIGABRT' || code === 128 + constants.signals.SIGABRT) return `it needs more than Node's memory limit of ${limit}`;
  return signal === null ? undefined : `it was ended by ${signal}, which systems send when memory runs out`;
}

function forwardUntilLastWords(from: NodeJS.ReadableStream, to: Writable): void {
  let isOver = false;
  from.setEncoding('utf8').on('data', (text: string) => {
    if (isOver) return;
    const end = text.search(LAST_WORDS);
    isOver = end >= 0;
    to.write(isOver ? text.slice(0, end) : text);
  });
}
