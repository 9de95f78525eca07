import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { isInside } from './inside';
import { LARGEST } from './read-text';

/** How long a program may run. */
const LONGEST_MS = 60_000;

/** How much of standard error is kept. */
const MOST_SAID = 10_000;

/** The result of a run. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Why it was ended. */
  readonly ended?: 'too slow' | 'too much output';
}

/** Programs of the user's PATH that render manifests, with nothing of the user's environment: no settings, plugins or credentials. */
export class RenderingPrograms {
  private readonly env: NodeJS.ProcessEnv;
  private readonly versions = new Map<string, string>();

  /**
   * @param folder an empty folder
   * @param repository a program in it isn't the user's own
   */
  public constructor(private readonly folder: string, private readonly repository: string) {
    const [home, none] = ['home', 'none'].map((name) => join(folder, name));
    for (const one of [home, none]) mkdirSync(one);
    this.env = environmentIn(home, none);
  }

  /** The program's absolute path; undefined if PATH has none. Relative entries of PATH don't count: a repository could fill them. */
  public find(program: string): string | undefined {
    return candidates(program).find((candidate) => isProgram(candidate) && !isInside(realpathSync(candidate), this.repository));
  }

  /** As the program says it. */
  public async version(program: string): Promise<string> {
    let known = this.versions.get(program);
    if (known === undefined) {
      const isHelm = /helm(\.exe)?$/.test(program);
      const { stdout } = await this.run(program, isHelm ? ['version', '--short'] : ['version']);
      this.versions.set(program, known = stdout.toString('utf8').trim().split('\n')[0].slice(0, 60));
    }
    return known;
  }

  /** Runs it without a shell. */
  public run(program: string, args: readonly string[]): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd: this.folder, env: this.env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
      const printed: Buffer[] = [];
      let [size, stderr] = [0, ''];
      let ended: Ran['ended'];
      const end = (why: NonNullable<Ran['ended']>) => {
        ended ??= why;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => end('too slow'), LONGEST_MS);
      child.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      child.stdout.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > LARGEST) end('too much output');
        else printed.push(piece);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += stderr.length < MOST_SAID ? text : ''; });
      child.on('close', (status) => {
        clearTimeout(timer);
        resolve({ status, stdout: Buffer.concat(printed), stderr, ended });
      });
    });
  }
}

/** The files of a program's name on PATH. */
function candidates(program: string): readonly string[] {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  return (process.env.PATH ?? '').split(delimiter).filter((entry) => isAbsolute(entry)).map((entry) => join(entry, file));
}

/** A file on PATH that can't be run, because it isn't executable. */
export function notExecutable(program: string): string | undefined {
  return candidates(program).find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() && !isProgram(candidate));
}

/** Programs that start another one by the name that they were called by. */
const LAUNCHERS = ['asdf', 'mise', 'rtx', 'snap'];

/** What starts the program instead of being it, such as `a script` or `a shim of mise`; undefined if it is the program itself. */
export function launcherAt(program: string): string | undefined {
  const launcher = basename(realpathSync(program)).replace(/\.exe$/, '');
  if (LAUNCHERS.includes(launcher)) return `a shim of ${launcher}`;
  const start = Buffer.alloc(2);
  const file = openSync(program, 'r');
  try {
    readSync(file, start, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return start.toString('latin1') === '#!' ? 'a script' : undefined;
}

/** PATH is empty, so the program can run no other, such as git; and no proxy answers, so it fetches nothing. */
function environmentIn(home: string, none: string): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  return {
    ...process.platform === 'win32' && { SystemRoot: process.env.SystemRoot },
    PATH: none,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    TMPDIR: home,
    TEMP: home,
    TMP: home,
    LC_ALL: 'C',
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
    HELM_PLUGINS: none,
    HELM_NO_PLUGINS: '1',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '',
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
