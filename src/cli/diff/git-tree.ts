import { spawnSync, SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { KUSTOMIZATION_NAMES } from '../kustomizations';
import { LARGEST } from '../read-text';
import { hasManifestName } from '../sources';

/** A path in a commit: `git:REV[:PATH]`. */
export interface GitPath {
  readonly rev: string;
  /** As git takes it: from the top of the repository, or from the working directory if it begins with a dot; undefined: isn't told. */
  readonly path?: string;
}

/** What git can't give, in one sentence with a fix. */
export class GitError extends Error {}

const GIT_PATH = /^git:([^:]*)(?::([^]*))?$/;

/** Undefined: it is another path. */
export function gitPathOf(text: string): GitPath | undefined {
  const [found, rev, path] = GIT_PATH.exec(text) ?? [];
  return found === undefined ? undefined : { rev, path: path === '' ? '.' : path };
}

/** A file of a commit. */
interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
  /** From the top of the repository. */
  readonly path: string;
}

/** A link to a file counts as the file, as in a folder. */
const LINK = '120000';
const FILES = new Set(['100644', '100755', '100664', LINK]);

/**
 * The manifests of a commit in a folder of their own, with what tells how Helm and kustomize read them: the repository's
 * working tree and index stay as they are.
 */
export class GitTree {
  /** Where the path is in it. */
  readonly path: string;
  private readonly folder: string;

  /** @throws GitError if there is no git, no repository of the working directory, or no such commit */
  constructor(private readonly from: GitPath, otherPath: string | undefined) {
    const tree = treeOf(from);
    const path = pathInTree(from, otherPath);
    const entries = entriesOf(tree);
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'istio-mtls-')));
    this.path = join(this.folder, path);
    try {
      this.write(entries, path, tree);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A text with the names that users know: `git:main:dist/shop.yaml`. */
  named(text: string): string {
    return text.split(this.folder + sep).map((part, index) => (index === 0 ? part : `git:${this.from.rev}:${part.split(sep).join('/')}`)).join('')
      .replaceAll(this.folder, `git:${this.from.rev}`);
  }

  private write(entries: readonly Entry[], path: string, tree: string): void {
    const wanted = entries.filter((entry) => isWanted(entry.path, path));
    for (const [entry, content] of contentsOf(wanted, tree)) this.writeFile(entry.path, content);
    if (!wanted.some((entry) => KUSTOMIZATION_NAMES.includes(basename(entry.path)))) return;
    // Whether what it names is there decides what a kustomization hands on.
    const isWritten = new Set(wanted);
    for (const entry of entries) if (!isWritten.has(entry) && hasManifestName(entry.path)) this.writeFile(entry.path, '');
  }

  /** Git's own commands make no such paths, but others may: nothing is written elsewhere. */
  private writeFile(path: string, content: Buffer | string): void {
    const file = resolve(this.folder, path);
    if (!file.startsWith(this.folder + sep) || relative(this.folder, file).split(sep).join('/') !== path) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function treeOf({ rev }: GitPath): string {
  if (rev === '' || rev.startsWith('-')) throw new GitError(`git:${rev} doesn't name a commit; expected a branch, a tag or a commit. Fix: write, for example, git:main.`);
  const { status, stdout } = git(['rev-parse', '--verify', '--quiet', `${rev}^{tree}`]);
  if (status === 0) return stdout.toString().trim();
  throw new GitError(`git:${rev} isn't a commit of this repository; expected a branch, a tag or a commit. Fix: correct the name, or fetch it, such as with git fetch origin ${rev}.`);
}

/** From the top of the repository, with slashes. */
function pathInTree({ rev, path }: GitPath, otherPath = '.'): string {
  const isOfWorkingDirectory = path === undefined || /^\.\.?(\/|$)/.test(path);
  const top = git(['rev-parse', '--show-toplevel']);
  const [root, told] = [top.status === 0 ? realpathSync(top.stdout.toString().trim()) : realpathSync('.'), path ?? otherPath];
  const found = isOfWorkingDirectory ? relative(root, resolve(realpathSync('.'), told)).split(sep).join('/') : posix.normalize(told);
  if (found === '..' || found.startsWith('../') || posix.isAbsolute(found)) {
    throw new GitError(`${told} is outside the repository of git:${rev}; expected a path in it. Fix: write git:${rev}:PATH.`);
  }
  return found === '' ? '.' : found.replace(/\/$/, '');
}

function entriesOf(tree: string): readonly Entry[] {
  const lines = git(['ls-tree', '-r', '-z', '-l', '--full-tree', tree]).stdout.toString().split('\0');
  return lines.flatMap((line) => {
    const [, mode, id, size, path] = /^(\d+) \w+ (\w+) +(\S+)\t([^]*)$/.exec(line) ?? [];
    return path !== undefined && FILES.has(mode) ? [{ mode, id, size: Number(size), path }] : [];
  });
}

/** Whether a file may be read for a path: it is in it, or tells of a folder around it that it is a chart or a kustomization. */
function isWanted(file: string, path: string): boolean {
  if (file === path) return true;
  if (!hasManifestName(file)) return false;
  const scope = /[*?[{(]/.test(path) ? posix.dirname(path.slice(0, path.search(/[*?[{(]/) + 1)) : path;
  if (scope === '.' || file.startsWith(`${scope}/`)) return true;
  const folder = posix.dirname(file);
  return (folder === '.' || path.startsWith(`${folder}/`)) && ['Chart.yaml', ...KUSTOMIZATION_NAMES].includes(basename(file));
}

/** What is too large is read as what is just too large: it is refused all the same. */
function* contentsOf(entries: readonly Entry[], tree: string): Generator<readonly [Entry, Buffer]> {
  const asked = entries.filter(({ size, path }) => !(size > LARGEST) && !path.includes('\n'));
  for (const entry of entries) if (entry.size > LARGEST) yield [entry, Buffer.alloc(LARGEST + 1, ' ')];
  if (asked.length === 0) return;
  const input = asked.map(({ mode, id, path }) => `${mode === LINK ? `${tree}:${path}` : id}\n`).join('');
  const { stdout } = git(['cat-file', '--batch', '--follow-symlinks'], input);
  let at = 0;
  for (const entry of asked) {
    const end = stdout.indexOf('\n', at);
    const head = stdout.toString('utf8', at, end);
    const [, type, size] = / missing$/.test(head) ? [] : /(\w+) (\d+)$/.exec(head) ?? [];
    const length = size === undefined ? -1 : Number(size);
    if (type === 'blob') yield [entry, stdout.subarray(end + 1, end + 1 + length)];
    at = end + 1 + length + 1;
  }
}

function git(args: readonly string[], input?: string): SpawnSyncReturns<Buffer> {
  const done = spawnSync('git', args, { input, maxBuffer: Infinity, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } });
  if (done.error) {
    const { code, message } = done.error as NodeJS.ErrnoException;
    throw new GitError(code === 'ENOENT'
      ? 'git: isn\'t installed, or not on PATH; expected git, because a state is read from a commit. Fix: install git, or name a folder.'
      : `git: could not be run: ${message}. Fix: name a folder.`);
  }
  if (done.status === 128) {
    const [said] = done.stderr.toString().split('\n');
    if (/not a git repository|dubious ownership|Not a valid object|unable to read/.test(said)) throw new GitError(`git: ${said.replace(/^fatal: /, '')}. Fix: run the command in a git repository, or name a folder.`);
  }
  return done;
}
