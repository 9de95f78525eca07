import { join } from 'node:path';
import { run } from '../../../src/cli/main';
import { Progress, Terminal } from '../../../src/cli/output/terminal';
import { TODAY } from '../meshes/analysis';

export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in this process, by default in its working directory. */
export async function command(args: readonly string[], { input = '', isTerminal = false, columns, env = {}, cwd }: { input?: string; isTerminal?: boolean; columns?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {}): Promise<CommandResult> {
  let out = '';
  let error = '';
  async function* bytes() {
    yield Buffer.from(input);
  }
  const terminal: Terminal = {
    input: bytes,
    isTerminal,
    columns,
    env,
    out: (text) => { out += text; },
    error: (text) => { error += text; },
    today: () => TODAY,
    now: () => new Date(`${TODAY}T12:00:00Z`),
    progress: new Progress({ write: () => undefined }, () => 0),
  };
  const home = process.cwd();
  try {
    if (cwd !== undefined) process.chdir(cwd);
    const exitCode = await run(args, { root: join(__dirname, '..', '..', '..'), version: '1.2.3' }, terminal);
    return { exitCode, out, error };
  } finally {
    process.chdir(home);
  }
}
