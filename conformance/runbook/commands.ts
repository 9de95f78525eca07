// The commands of a runbook, as a shell makes words of them.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is typed: the program first. */
export type Words = readonly string[];

/** The programs whose commands are looked at. */
const PROGRAMS = ['istioctl', 'kubectl', 'istio-mtls'] as const;
/** Others that commands pipe into; they run as nothing. */
const OTHERS = ['jq', 'openssl', 'base64', 'grep', 'head'];

const [WORD, COMMAND] = ['\u0001', '\u0002'];

/**
 * Runs the commands of a page's blocks with programs that only note what they are asked, each command once. No other program
 * can be found.
 *
 * @throws Error if a block asks for another program, or the shell can't read it
 */
export function commandsIn(page: string): readonly Words[] {
  const folder = mkdtempSync(join(tmpdir(), 'commands-'));
  try {
    const notes = join(folder, 'notes');
    writeFileSync(notes, '');
    for (const name of [...PROGRAMS, ...OTHERS]) {
      const noting = (PROGRAMS as readonly string[]).includes(name) ? `{ printf '%s${WORD}' ${name} "$@"; printf '${COMMAND}'; } >> '${notes}'\necho pod/name` : '/bin/cat';
      writeFileSync(join(folder, name), `#!/bin/sh\n${noting}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const script = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block).join('\n');
    const { status, stderr } = spawnSync('/bin/sh', ['-eu', '-c', script], { cwd: folder, env: { PATH: folder }, input: '', encoding: 'utf8', stdio: ['pipe', 'ignore', 'pipe'] });
    // In a substitution or a pipe, what is missing is only told.
    if (status !== 0 || stderr !== '') throw new Error(`a command of a page can't be read, or is of another program: ${stderr}`);
    const noted = readFileSync(notes, 'utf8').split(COMMAND).filter(Boolean).map((command) => command.split(WORD).slice(0, -1));
    return [...new Map(noted.map((words) => [words.join(WORD), words])).values()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a page leaves to fill in, or shows of a value that isn't there. */
export function placeholdersIn(page: string): readonly string[] {
  return page.match(/<[a-z-]+>|\bTODO\b|\bundefined\b|\bNaN\b|\[object|\$\{/g) ?? [];
}

/** A command without what it hands to another, behind `--`. */
export function ownOf(words: Words): Words {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

/** A command without its values: `istioctl proxy-config secret --output`. */
export function shapeOf(words: Words, path: Words): string {
  return [...path, ...ownOf(words).slice(path.length).filter((word) => /^--?[a-z]/i.test(word)).map((word) => word.split('=')[0]).sort()].join(' ');
}

/** The words before the first that is a name or an option. */
export function pathIn(words: Words): Words {
  const end = words.findIndex((word, index) => index > 0 && !/^[a-z][a-z-]*$/.test(word));
  return end < 0 ? words : words.slice(0, end);
}
