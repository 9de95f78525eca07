// The commands in README.md and docs/.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { folderWith } from '../command/scratch';

const ROOT = join(__dirname, '..', '..', '..');

const PROGRAMS = ['istio-mtls', 'npx', 'npm', 'node', 'git', 'kubectl', 'istioctl', 'helm', 'kustomize', 'curl', 'openssl', 'cdk8s', 'argocd', 'pre-commit'];
const PROGRAM = new RegExp(`^(?:${PROGRAMS.join('|')})(?= )`);

/** A line of a fence that is a step of a workflow or of a job. */
const STEP = /^ *- (?:run: )?(?=['"]?[a-z])|^ *(?:run|entry): /;

export interface DocumentedCommand {
  readonly page: string;
  /** The whole line, which may be a pipeline. */
  readonly text: string;
  /** Whether it is in a fence, to be copied, or in a sentence. */
  readonly isFenced: boolean;
}

/** The commands of a page: lines of fences, after a `$` if the fence shows output too, and code in sentences that begins with a program. */
export function commandsOf(page: string, text: string): readonly DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  const prose = text.replace(/^( *)(`{3,})(\w*)[^\n]*\n([^]*?)^\1\2$/gm, (_whole, _indent: string, _ticks: string, language: string, inside: string) => {
    for (const line of linesOf(language, inside)) if (PROGRAM.test(line)) found.push({ page, text: line, isFenced: true });
    return '';
  });
  for (const [, code] of prose.matchAll(/`([^`\n]+)`/g)) if (PROGRAM.test(code)) found.push({ page, text: code, isFenced: false });
  return found;
}

function linesOf(language: string, inside: string): readonly string[] {
  const lines = inside.split('\n').map((line) => line.replace(/ +#.*$/, '').trimEnd());
  if (language === 'yaml') return lines.filter((line) => STEP.test(line)).map((line) => line.replace(STEP, ''));
  if (lines.some((line) => line.startsWith('$ '))) return lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  return ['', 'sh', 'console'].includes(language) ? lines.map((line) => line.trim()) : [];
}

/** The commands of README.md and of all pages of docs/. */
export function documentedCommands(): readonly DocumentedCommand[] {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).sort().map((name) => join('docs', name))];
  return pages.flatMap((page) => commandsOf(page, readFileSync(join(ROOT, page), 'utf8')));
}

/** Writes the words that it is called with, and reads and prints nothing. */
const STUB = '#!/bin/sh\nprintf \'%s\\0\' "${0##*/}" "$@" END >> "$CALLS"\n';

/** Words that a shell doesn't change. */
const PLAIN = /^[\w@%+=:,./… -]+$/;

/** Runs command lines in a shell with stub programs, and returns for each which programs it called with which words. */
export function callsIn(lines: readonly string[]): readonly (readonly (readonly string[])[])[] {
  const folder = folderWith(Object.fromEntries(PROGRAMS.map((program) => [`bin/${program}`, STUB])));
  for (const program of PROGRAMS) chmodSync(join(folder, 'bin', program), 0o755);
  const env = { PATH: [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter), PROMETHEUS: 'http://prometheus', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' };
  return lines.map((line, index) => {
    if (PLAIN.test(line)) return [line.split(/ +/)];
    const calls = join(folder, `calls-${index}`);
    spawnSync('sh', ['-c', `: > "$CALLS"; ${line}`], { cwd: folder, env: { ...env, CALLS: calls } });
    return readFileSync(calls, 'utf8').split('END\0').slice(0, -1).map((call) => call.split('\0').slice(0, -1));
  });
}
