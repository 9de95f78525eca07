import { join } from 'node:path';
import { run } from '../../src/cli/main';
import { Progress } from '../../src/cli/progress';

export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in this process. */
export async function command(args: readonly string[], { input = '', isTerminal = false, columns, env = {} }: { input?: string; isTerminal?: boolean; columns?: number; env?: NodeJS.ProcessEnv } = {}): Promise<CommandResult> {
  let out = '';
  let error = '';
  async function* bytes() {
    yield Buffer.from(input);
  }
  const exitCode = await run(args, { root: join(__dirname, '..', '..'), version: '1.2.3' }, { input: bytes, isTerminal, columns, env, out: (text) => { out += text; }, error: (text) => { error += text; }, progress: new Progress({ write: () => undefined }, () => 0) });
  return { exitCode, out, error };
}
