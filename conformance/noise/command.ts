// Runs the command on a folder or a text, as a user does.
import { spawnSync } from 'node:child_process';
import type { Checked } from './corpus';

/** @param program the command: that of another state of the repository can be measured, too */
export function jsonOf(verb: 'check' | 'connections', { folder, text }: Pick<Checked, 'folder' | 'text'>, program: string, ...options: readonly string[]): any {
  return JSON.parse(printed(program, [verb, folder ?? '-', '-o', 'json', '--no-config', ...options], { input: text ?? '' }));
}

export function printed(program: string, args: readonly string[], { input = '', cwd }: { readonly input?: string; readonly cwd?: string }): string {
  const { error, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { input, cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error || stdout === '') throw new Error(`${[program, ...args].join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
