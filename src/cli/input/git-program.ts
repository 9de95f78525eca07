import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Why git can't provide something, in one sentence with a fix. */
export class GitError extends Error {}

/** The most bytes that git may print at once: the names of half a million files. Stops output without an end. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/**
 * A lazy fetch would run programs that the repository's configuration names: of a remote, of a transport or ssh. Newer
 * versions of git obey GIT_NO_LAZY_FETCH; for all others GIT_ALLOW_PROTOCOL lists only a protocol that doesn't exist.
 */
const NO_FETCH = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

const QUIET = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

/** Variables that override where git looks for a repository and its settings. */
const OF_REPOSITORIES = ['GIT_COMMON_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_NAMESPACE', 'GIT_PREFIX', 'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS', 'GIT_CONFIG_COUNT'];

interface Done {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The repository of the working directory. */
export class Repository {
  private readonly folder = process.cwd();

  /** @throws GitError if the commit doesn't exist or can't be read */
  public async treeOf(rev: string): Promise<string> {
    if (rev === '' || rev.startsWith('-')) {
      throw new GitError(`git:${rev} doesn't name a commit; expected a branch, a tag or a commit. Fix: write, for example, git:main.`);
    }
    const { status, stdout, stderr } = await this.ask(['rev-parse', '--verify', '--quiet', `${rev}^{tree}`]);
    if (status === 0) return stdout.toString().trim();
    if (status === 128 && stderr !== '') throw failed(stderr);
    throw new GitError(`git:${rev} isn't a commit of this repository; expected a branch, a tag or a commit. Fix: correct the name, `
      + `or fetch it, such as with git fetch origin ${rev}.`);
  }

  /** Undefined if the repository has no working tree. */
  public async top(): Promise<string | undefined> {
    const { status, stdout } = await this.ask(['rev-parse', '--show-toplevel']);
    return status === 0 ? lineOf(stdout) : undefined;
  }

  /** The folder of the repository's objects. */
  public async objects(): Promise<string> {
    const { status, stdout, stderr } = await this.ask(['rev-parse', '--git-path', 'objects']);
    if (status !== 0) throw failed(stderr);
    return resolve(this.folder, lineOf(stdout));
  }

  private ask(args: readonly string[]): Promise<Done> {
    return run(args, { cwd: this.folder, env: { ...process.env, ...QUIET, ...NO_FETCH } });
  }
}

/**
 * The objects of a repository without its configuration: git reads them through a separate repository
 * without remotes, so that it fetches and runs nothing. Objects that the clone lacks are missing.
 */
export class ObjectStore {
  private readonly env: NodeJS.ProcessEnv;

  /**
   * @param objects the folder of the objects
   * @param folder where the separate repository is created
   * @param id of any object, which shows the hash format
   */
  public constructor(objects: string, private readonly folder: string, id: string) {
    for (const name of ['refs', 'objects']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
    const isSha1 = id.length === 40;
    writeFileSync(join(folder, 'config'), `[core]\nrepositoryformatversion = ${isSha1 ? 0 : '1\n[extensions]\nobjectFormat = sha256'}\n`);
    const own = Object.entries(process.env).filter(([name]) => !OF_REPOSITORIES.includes(name));
    this.env = { ...Object.fromEntries(own), ...QUIET, ...NO_FETCH, GIT_DIR: folder, GIT_OBJECT_DIRECTORY: objects };
  }

  /** @throws GitError if git fails: an incomplete output is discarded */
  public async read(args: readonly string[], { input, most }: Pick<RunOptions, 'input' | 'most'> = {}): Promise<Buffer> {
    const { status, stdout, stderr } = await run(args, { cwd: this.folder, env: this.env, input, most });
    if (status !== 0) throw failed(stderr);
    return stdout;
  }
}

function lineOf(printed: Buffer): string {
  return printed.toString().replace(/\r?\n$/, '');
}

function failed(stderr: string): GitError {
  const [said] = stderr.split('\n');
  const why = said.replace(/^(?:fatal|error): /, '') || 'it failed without a message';
  return new GitError(/not a git repository|dubious ownership/.test(why)
    ? `git: ${why}. Fix: run the command in a git repository, or name a folder.`
    : `git: ${why}. Fix: fetch the whole commit, or check it out and name a folder.`);
}

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The most bytes that git may print. */
  readonly most?: number;
}

function run(args: readonly string[], { cwd, env, input = '', most = MOST_OUTPUT }: RunOptions): Promise<Done> {
  return new Promise((resolved, reject) => {
    const child = spawn('git', args, { cwd, env, windowsHide: true });
    const printed: Buffer[] = [];
    let [size, stderr] = [0, ''];
    child.on('error', (error: NodeJS.ErrnoException) => reject(notRun(error)));
    child.stdout.on('data', (piece: Buffer) => {
      printed.push(piece);
      size += piece.length;
      if (size <= most) return;
      child.kill('SIGKILL');
      reject(new GitError(`git: git ${args[0]} prints more than ${Math.ceil(most / 1024 / 1024)} MB; expected a commit with fewer files. `
        + 'Fix: check it out and name a folder.'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += stderr.length < 10_000 ? text : ''; });
    // Writing fails if the child has ended.
    child.stdin.on('error', () => undefined).end(input);
    child.on('close', (status) => resolved({ status, stdout: Buffer.concat(printed), stderr }));
  });
}

function notRun({ code, message }: NodeJS.ErrnoException): GitError {
  return new GitError(code === 'ENOENT'
    ? 'git: isn\'t installed, or not on PATH; expected git, because a state is read from a commit. Fix: install git, or name a folder.'
    : `git: could not be run: ${message}. Fix: name a folder.`);
}
