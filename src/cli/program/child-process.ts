import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { getHeapStatistics } from 'node:v8';
import { VerbContext } from './verb';
import { STANDARD_INPUT_NAME, Texts } from '../input/sources';

/** The variable by which a process knows that it is the child: `terminal` if its user sees a terminal. */
export const CHILD = 'ISTIO_MTLS_APART';

/** How much memory a text may take, at most, in multiples of its size; it is mostly a third of that. */
const MULTIPLE = 60;

/** Node doesn't start with less memory than so few characters take; to ask how much it has takes a millisecond. */
const ALWAYS_FIT = 50_000;

/** From where on V8 writes what only it understands, when its memory ends. */
const LAST_WORDS = /\n?(?:<--- Last few GCs --->|FATAL ERROR: |<--- JS stacktrace --->|#\n# Fatal)/;

/** By these a user ends both processes. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hands the run over to a process of its own if judging the texts might take more memory than this one has; whether it
 * did, and all is done.
 */
export async function isDoneByChild({ texts }: Texts, { terminal, finish }: VerbContext): Promise<boolean> {
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
 * Runs the command once more, in a process of its own, and gives its exit code. Nothing can be said in a process whose
 * memory is at its end: so another one says it.
 *
 * @param args of Node: the command's file and its arguments
 * @param input what standard input held, if it was read
 */
export function runChild(
  args: readonly string[], input: string | undefined, error: Writable & { readonly isTTY?: boolean },
): Promise<number> {
  const env = { ...process.env, [CHILD]: error.isTTY ? 'terminal' : 'plain' };
  const child = spawn(process.execPath, args, { env, stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'pipe'] });
  // A child that is gone takes no more.
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

/** Why a process ended that didn't end by itself. */
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
