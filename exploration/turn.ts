// One turn of a suite: its cases of one seed, judged in a process of their own, and the results.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './inputs';
import type { PartMessage } from './part-process';
import type { Turn } from './record';
import type { Suite } from './suites';

/** Why a suite has no turns here. */
export class Unavailable extends Error {}

/** How much of what a process says is kept when it ends without a result. */
const LAST_LINES = 60;

/** Starts a process, and is told of it, to end it when the exploration ends. */
export type Started = (child: ChildProcess) => void;

/** @throws Unavailable where the suite can't run */
export async function turnOf({ runs }: Suite, seed: number, asked: number, started: Started): Promise<Turn> {
  if (!runs) throw new Unavailable('it has no exploration');
  if ('part' in runs) return turnOfPart(runs.part, seed, asked, started);
  return 'jest' in runs ? turnOfJest(runs.jest, seed, asked, started) : turnOfProgram([...runs.program, runs.counted], seed, asked, started);
}

/** A process that has ended without a result is a difference, since its case is unknown. */
function withoutResult(seed: number, asked: number, code: number | string | null, said: string): Turn {
  const text = [`it ended without a result: ${code}`, ...linesOf(said).slice(-LAST_LINES)];
  return { seed, asked, count: 0, differences: 1, withoutVerdict: 0, unsteady: 0, text };
}

const linesOf = (text: string): string[] => text.replaceAll(/\u001b\[[0-9;]*m/g, '').trim().split('\n').filter((line) => line !== '');

async function turnOfPart(part: string, seed: number, asked: number, started: Started): Promise<Turn> {
  const child = fork(join(__dirname, 'part-process.ts'), [part, String(seed), String(asked)], {
    cwd: ROOT, execArgv: ['--require', join(ROOT, 'conformance', 'typescript.js')], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const messages: PartMessage[] = [];
  child.on('message', (message: PartMessage) => messages.push(message));
  const { code, said } = await ended(child, started);
  const unavailable = messages.find((message) => 'unavailable' in message);
  if (unavailable) throw new Unavailable(unavailable.unavailable);
  const printed = messages.flatMap((message) => ('printed' in message ? linesOf(message.printed) : [])).filter((line) => !/ so far$/.test(line));
  const result = messages.find((message) => 'facts' in message);
  return result ? { seed, asked, ...countsOf(result), text: printed } : withoutResult(seed, asked, code, [...printed, said].join('\n'));
}

/** Where the facts of a part have the number of its cases. */
const COUNTS = ['meshes', 'objects', 'texts', 'cas', 'fixes', 'runbooks', 'plans', 'rotations'];

const numberIn = (value: unknown): number => (Array.isArray(value) ? value.length : Number(value ?? 0));

/** The counts of a part, from its facts. */
export function countsOf({ failed, facts }: { readonly failed: number; readonly facts: object }): Pick<Turn, 'count' | 'differences' | 'withoutVerdict' | 'unsteady'> {
  const known = new Map(Object.entries(facts));
  // Fixes are counted in meshes, too.
  const name = known.has('fixes') ? 'fixes' : COUNTS.find((one) => known.has(one))!;
  const silent = [...known].filter(([key]) => /Without(Verdict|Report)$/.test(key)).flatMap(([, counts]) => Object.values<number>(counts));
  return { count: numberIn(known.get(name)), differences: failed, withoutVerdict: silent.reduce((sum, one) => sum + one, 0), unsteady: numberIn(known.get('unsteady')) };
}

/** A program says last how many passed and failed. */
async function turnOfProgram(program: readonly string[], seed: number, asked: number, started: Started): Promise<Turn> {
  const child = spawn(process.execPath, [...program, String(asked), '--seed', String(seed)], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, said } = await ended(child, started);
  if (code === 2) throw new Unavailable(linesOf(said).at(-1) ?? 'it ended with 2');
  const counted = /^(\d+) passed, (\d+) failed$/m.exec(said);
  if (!counted || (code !== 0 && code !== 1)) return withoutResult(seed, asked, code, said);
  // It may fail for something else than a case.
  const differences = Math.max(Number(counted[2]), Number(code));
  return { seed, asked, count: asked, differences, withoutVerdict: 0, unsteady: 0, text: linesOf(said) };
}

interface JestResult {
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[];
}

/** Its tests write how many cases they ask for into a file. */
async function turnOfJest(paths: readonly string[], seed: number, times: number, started: Started): Promise<Turn> {
  const folder = mkdtempSync(join(tmpdir(), 'exploration-'));
  try {
    const [results, cases] = ['results.json', 'cases'].map((name) => join(folder, name));
    const args = ['--ci', '--silent', '--maxWorkers=1', '--json', `--outputFile=${results}`, ...paths];
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
      cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, SEED: String(seed), TIMES: String(times), CASES_FILE: cases },
    });
    const { code, said } = await ended(child, started);
    if (!existsSync(results)) return withoutResult(seed, times, code, said);
    const { numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResult;
    const differences = numFailedTests + numRuntimeErrorTestSuites;
    // It fails for other reasons too, such as that it finds no tests.
    if (code !== 0 && differences === 0) return withoutResult(seed, times, code, said);
    const text = testResults.filter(({ status }) => status === 'failed').flatMap(({ message }) => linesOf(message));
    const count = existsSync(cases) ? linesOf(readFileSync(cases, 'utf8')).reduce((sum, line) => sum + Number(line), 0) : 0;
    return { seed, asked: times, count, differences, withoutVerdict: 0, unsteady: 0, text };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for a process to end, and gives all that it says. */
function ended(child: ChildProcess, started: Started): Promise<{ readonly code: number | string | null; readonly said: string }> {
  started(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => { said += text; });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, said }));
  });
}
