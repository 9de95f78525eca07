import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { blobsOf, entriesOf, Entry, GitLinks, sizesOf } from './git-entries';
import { GitError, ObjectStore, Repository } from './git-program';
import { KUSTOMIZATION_NAMES } from './kustomizations';
import { Note } from './raw-sources';
import { LARGEST, MOST_TOGETHER, pathProblem, tooLarge, Unreadable } from './read-text';
import { pendingSignals, TemporaryFolder } from './temporary-folder';
import { hasManifestName } from '../../configuration/manifest-files';

/** A path in a commit: `git:REV[:PATH]`. */
export interface GitPath {
  readonly rev: string;
  /** As git reads it: from the top of the repository, or from the working directory if it begins with a dot; undefined if not given. */
  readonly path?: string;
}

const GIT_PATH = /^git:([^:]*)(?::([^]*))?$/;

/** Undefined if the text is another path. */
export function gitPathOf(text: string): GitPath | undefined {
  const [found, rev, path] = GIT_PATH.exec(text) ?? [];
  return found === undefined ? undefined : { rev, path: path === '' ? '.' : path };
}

/** The most files that are written. */
const MOST_FILES = 200_000;

/** How many files are written before signals are handled. */
const FILES_A_TURN = 500;

/** Longer texts can't be paths. */
const LONGEST_LINK = 4096;

/**
 * The manifests of a commit in a temporary folder, with the files that show how Helm and kustomize read them. The repository's working tree
 * and index stay as they are. Files that can't be written as they are in the commit are reported as problems, never left out silently.
 */
export class GitTree {
  /** @throws GitError if there is no git, no repository or no such commit, or if the commit is too large */
  public static of(from: GitPath, otherPath: string | undefined): Promise<GitTree> {
    return GitTree.written(from, otherPath, false);
  }

  /**
   * All files of a commit, whatever their names: programs may read any. Files that can't be written are problems only in what is named.
   *
   * @param named paths from the working directory
   * @throws GitError as `of`
   */
  public static async whole(rev: string, named: readonly string[]): Promise<GitTree> {
    const tree = await GitTree.written({ rev, path: '.' }, undefined, true);
    const starts = named.map((path) => tree.named(tree.pathOf(path).replace(PATTERN_END, '')));
    const problems = tree.problems.filter(({ file }) => starts.some((start) => file.startsWith(start)));
    tree.problems.splice(0, Infinity, ...problems);
    return tree;
  }

  private static async written(from: GitPath, otherPath: string | undefined, isWhole: boolean): Promise<GitTree> {
    const repository = new Repository();
    const tree = await repository.treeOf(from.rev);
    const top = realpathSync(await repository.top() ?? '.');
    const path = isWhole ? '.' : pathInTree(from, otherPath, top);
    const objects = await repository.objects();
    const place = new TemporaryFolder();
    try {
      const found = new GitTree(from.rev, path, place, new ObjectStore(objects, join(place.path, 'git'), tree), top);
      found.entries = await entriesOf(tree, found.store);
      await found.write(found.entries, isWhole);
      return found;
    } catch (error) {
      await place.remove();
      throw error;
    }
  }

  public readonly problems: Unreadable[] = [];
  public readonly notes: Note[] = [];
  /** The path in the temporary folder. */
  public readonly path: string;
  /** The folder of the commit's files. */
  public readonly folder: string;
  private written = 0;
  private entries: readonly Entry[] = [];

  /**
   * @param inCommit the path from the top of the repository
   * @param place the temporary folder
   */
  private constructor(
    private readonly rev: string, private readonly inCommit: string, private readonly place: TemporaryFolder,
    private readonly store: ObjectStore,
    private readonly top: string,
  ) {
    this.folder = join(place.path, 'tree');
    this.path = join(this.folder, inCommit);
  }

  /** The files whose content on disk differs from the commit. Files outside the repository are in no commit. */
  public differing(files: readonly string[]): readonly string[] {
    if (files.length === 0) return [];
    const ids = new Map(this.entries.map(({ path, id }) => [path, id]));
    return files.filter((file) => {
      const inRepository = relative(this.top, realpathSync(resolve(file))).split(sep).join('/');
      if (inRepository.startsWith('..') || posix.isAbsolute(inRepository)) return false;
      const id = ids.get(inRepository);
      return id === undefined || id !== blobId(readFileSync(file), id.length === 40 ? 'sha1' : 'sha256');
    });
  }

  /** The path in the temporary folder of a path from the working directory. */
  public pathOf(path: string): string {
    return join(this.folder, pathInTree({ rev: this.rev, path: `./${relative('.', path).split(sep).join('/')}` }, undefined, this.top));
  }

  public remove(): Promise<void> {
    return this.place.remove();
  }

  /** Replaces the temporary folder in a text by the name that users know: `git:main:dist/shop.yaml`. */
  public named(text: string): string {
    return text.split(this.folder + sep).map((part, index) => (index === 0 ? part : `git:${this.rev}:${part.split(sep).join('/')}`))
      .join('')
      .replaceAll(this.folder, `git:${this.rev}`);
  }

  private async write(entries: readonly Entry[], isWhole: boolean): Promise<void> {
    const wanted = isWhole ? entries : entries.filter((entry) => isWanted(entry.path, this.inCommit));
    this.noteSubmodules(entries);
    await this.writeContents(await this.filesOf(wanted.filter(({ kind }) => kind !== 'submodule'), entries, isWhole));
    if (!wanted.some((entry) => KUSTOMIZATION_NAMES.includes(basename(entry.path)))) return;
    // Other files are written empty: kustomize's result depends on whether the files that a kustomization names exist.
    const isWritten = new Set(wanted);
    for (const entry of entries) {
      if (!isWritten.has(entry) && entry.isText && hasManifestName(entry.path)) await this.writeFile(entry.path, '');
    }
  }

  /** The object id of each file's content: its own, or that of a link's target. */
  private async filesOf(wanted: readonly Entry[], entries: readonly Entry[], isWhole: boolean): Promise<ReadonlyMap<Entry, string>> {
    const files = new Map<Entry, string>();
    const links = wanted.some(({ kind }) => kind === 'link') ? await this.linksOf(entries) : undefined;
    for (const entry of wanted) {
      if (!entry.isText) this.refuse(entry.path, 'a file whose path isn\'t UTF-8');
      else if (entry.kind === 'file') files.set(entry, entry.id);
      else this.follow(entry, links!, files, isWhole);
    }
    return files;
  }

  /** @param isWhole whether links to folders count, which programs follow and this command doesn't */
  private follow(entry: Entry, links: GitLinks, files: Map<Entry, string>, isWhole: boolean): void {
    const target = links.targetOf(entry.path);
    if ('file' in target) {
      files.set(entry, target.file.id);
    } else if (target.why !== 'a folder' || isWhole) {
      this.refuse(entry.path, target.why === 'not in this clone' ? 'missing from this clone' : `a link to what is ${target.why}`);
    }
  }

  private async linksOf(entries: readonly Entry[]): Promise<GitLinks> {
    const links = entries.filter(({ kind }) => kind === 'link');
    const sizes = await sizesOf(links.map(({ id }) => id), this.store);
    const short = [...sizes].filter(([, size]) => size !== undefined && size <= LONGEST_LINK);
    const long = [...sizes].filter(([, size]) => size !== undefined && size > LONGEST_LINK);
    const texts = await blobsOf(short.map(([id]) => id), sumOf(short.map(([, size]) => size!)), this.store);
    return new GitLinks(entries, new Map([...texts, ...long.map(([id]) => [id, Buffer.alloc(0)] as const)]));
  }

  private async writeContents(files: ReadonlyMap<Entry, string>): Promise<void> {
    const sizes = await sizesOf([...files.values()], this.store);
    const byId = new Map<string, Entry[]>();
    let together = 0;
    for (const [entry, id] of files) {
      const size = sizes.get(id);
      if (size === undefined) this.refuse(entry.path, 'missing from this clone');
      else if (size > LARGEST) this.problems.push(tooLarge(this.nameOf(entry.path)));
      else byId.set(id, [...byId.get(id) ?? [], entry]);
      together += size === undefined || size > LARGEST ? 0 : size;
    }
    if (together > MOST_TOGETHER) {
      throw new GitError(`git:${this.rev}: the manifests below ${this.inCommit} have more than ${MOST_TOGETHER / 1024 / 1024} MB; `
        + 'expected less, because all are read at once. Fix: name a folder in it.');
    }
    for (const ids of groupsOf([...byId.keys()], (id) => sizes.get(id)!, LARGEST)) {
      const blobs = await blobsOf(ids, sumOf(ids.map((id) => sizes.get(id)!)), this.store);
      for (const id of ids) for (const { path } of byId.get(id)!) await this.writeFile(path, blobs.get(id)!);
    }
  }

  /**
   * Git itself creates no paths that lead out of the folder, but other tools may: such a path isn't written, nor is a file written twice.
   */
  private async writeFile(path: string, content: Buffer | string): Promise<void> {
    if (++this.written > MOST_FILES) {
      throw new GitError(`git:${this.rev} has more than ${MOST_FILES.toLocaleString('en')} manifests; expected fewer. Fix: `
        + 'check it out and name a folder.');
    }
    if (this.written % FILES_A_TURN === 0) await pendingSignals();
    const file = resolve(this.folder, path);
    if (!file.startsWith(this.folder + sep) || relative(this.folder, file).split(sep).join('/') !== path) {
      this.refuse(path, 'a path that no file can have');
      return;
    }
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') throw error;
      this.refuse(path, code === 'ENAMETOOLONG' ? 'a path that is too long' : 'a path that this file system takes for another one');
    }
  }

  private noteSubmodules(entries: readonly Entry[]): void {
    for (const { kind, path } of entries) {
      if (kind !== 'submodule' || !(isBelow(path, this.inCommit) || isBelow(this.inCommit, path))) continue;
      this.notes.push({
        about: 'submodule',
        path: this.nameOf(path),
        text: `${this.nameOf(path)} is a submodule, and its files aren't read: check it out, and name folders`,
      });
    }
  }

  private refuse(path: string, actual: string): void {
    this.problems.push(pathProblem('ADMIT169', this.nameOf(path), actual));
  }

  private nameOf(path: string): string {
    return `git:${this.rev}:${path}`;
  }
}

function blobId(content: Buffer, algorithm: string): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex');
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Groups of ids whose sizes together stay below a limit. */
function groupsOf(ids: readonly string[], sizeOf: (id: string) => number, most: number): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let size = Infinity;
  for (const id of ids) {
    size += sizeOf(id);
    if (size > most) {
      groups.push([]);
      size = sizeOf(id);
    }
    groups.at(-1)!.push(id);
  }
  return groups;
}

/** The path from the top of the repository, with slashes. */
function pathInTree({ rev, path }: GitPath, otherPath = '.', root: string): string {
  const isOfWorkingDirectory = path === undefined || /^\.\.?(\/|$)/.test(path);
  const told = path ?? otherPath;
  const found = isOfWorkingDirectory ? relative(root, resolve(realpathSync('.'), told)).split(sep).join('/') : posix.normalize(told);
  if (found === '..' || found.startsWith('..') || posix.isAbsolute(found)) {
    throw new GitError(`${told} is outside the repository of git:${rev}; expected a path in it. Fix: write git:${rev}:PATH.`);
  }
  return found === '' ? '.' : found.replace(/\/$/, '');
}

const PATTERN = /[*?[{(]/;

const PATTERN_END = /[*?[{(].*$/;

/** Whether a file is needed for a path: it is below the path, or marks a folder above it as a chart or a kustomization. */
function isWanted(file: string, path: string): boolean {
  if (file === path) return true;
  if (!hasManifestName(file)) return false;
  const isPattern = PATTERN.test(path);
  const scope = isPattern ? posix.dirname(path.slice(0, path.search(PATTERN) + 1)) : path;
  if (isBelow(file, scope)) return isPattern || !isHidden(scope === '.' ? file : file.slice(scope.length + 1));
  const folder = posix.dirname(file);
  return isBelow(path, folder) && ['Chart.yaml', ...KUSTOMIZATION_NAMES].includes(basename(file));
}

function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`) || path === folder;
}

/** Whether files of a folder are skipped because of its name, at any depth. */
function isHidden(path: string): boolean {
  return path.split('/').some((part) => /^\.[^.]/.test(part) || part === 'node_modules');
}
