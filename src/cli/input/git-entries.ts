import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { ObjectStore } from './git-program';

/** What a tree of a commit holds at a path. */
export interface Entry {
  readonly kind: 'file' | 'link' | 'submodule';
  readonly id: string;
  /** The path from the top of the repository; escaped if it isn't UTF-8. */
  readonly path: string;
  /** Whether its path is UTF-8. */
  readonly isText: boolean;
}

/** All entries of a tree and the trees in it. */
export async function entriesOf(tree: string, store: ObjectStore): Promise<readonly Entry[]> {
  const printed = await store.read(['ls-tree', '-r', '-z', '--full-tree', tree]);
  const entries: Entry[] = [];
  for (let at = 0; at < printed.length;) {
    const end = printed.indexOf(0, at);
    const entry = entryOf(printed.subarray(at, end));
    if (entry) entries.push(entry);
    at = end + 1;
  }
  return entries;
}

const FORMAT_BITS = 0o170000;
const LINK = 0o120000;

function entryOf(line: Buffer): Entry | undefined {
  const tab = line.indexOf('\t');
  const [mode, type, id] = line.toString('latin1', 0, tab).split(' ');
  const name = line.subarray(tab + 1);
  const isText = isUtf8(name);
  const path = isText ? name.toString('utf8') : escaped(name);
  // eslint-disable-next-line no-bitwise -- a mode is bits
  if (type === 'blob') return { kind: (Number.parseInt(mode, 8) & FORMAT_BITS) === LINK ? 'link' : 'file', id, path, isText };
  return type === 'commit' ? { kind: 'submodule', id, path, isText } : undefined;
}

/** `a\xff.yaml`: escapes each byte that isn't ASCII. */
function escaped(name: Buffer): string {
  return name.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** The type and size of each object; undefined if the clone lacks it. */
export async function sizesOf(ids: readonly string[], store: ObjectStore): Promise<ReadonlyMap<string, number | undefined>> {
  const sizes = new Map<string, number | undefined>(ids.map((id) => [id, undefined]));
  if (sizes.size === 0) return sizes;
  const printed = await store.read(['cat-file', '--batch-check'], { input: [...sizes.keys()].map((id) => `${id}\n`).join('') });
  for (const line of printed.toString('latin1').split('\n')) {
    const [id, type, size] = line.split(' ');
    if (type === 'blob') sizes.set(id, Number(size));
  }
  return sizes;
}

/** The contents of objects that the clone has. */
export async function blobsOf(ids: readonly string[], bytes: number, store: ObjectStore): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  if (ids.length === 0) return blobs;
  const printed = await store.read(['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join(''), most: bytes + ids.length * 200 });
  for (let at = 0; at < printed.length;) {
    const end = printed.indexOf('\n', at);
    const [id, , size] = printed.toString('latin1', at, end).split(' ');
    blobs.set(id, printed.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return blobs;
}

/** The target of a link: a file of the commit, or why there is none. */
export type GitLinkTarget = { readonly file: Entry }
  | { readonly why: 'a folder' | 'missing' | 'outside the commit' | 'a loop' | 'not in this clone' };

/** The limit of Linux. */
const MOST_LINKS = 40;

/** Follows links as an operating system does, within the commit. */
export class GitLinks {
  private readonly byPath: ReadonlyMap<string, Entry>;
  private readonly folders = new Set<string>(['.']);

  /** @param texts what links hold, by their ids */
  public constructor(entries: readonly Entry[], private readonly texts: ReadonlyMap<string, Buffer>) {
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
    for (const { path } of entries) {
      for (let folder = posix.dirname(path); !this.folders.has(folder); folder = posix.dirname(folder)) this.folders.add(folder);
    }
  }

  public targetOf(path: string): GitLinkTarget {
    let rest = path.split('/');
    let [folder, links] = ['.', 0];
    while (rest.length > 0) {
      const [part, ...others] = rest;
      const at = posix.join(folder, part);
      if (at === '..' || at.startsWith('..')) return { why: 'outside the commit' };
      const entry = this.byPath.get(at);
      rest = others;
      if (entry?.kind === 'link') {
        const text = this.texts.get(entry.id)?.toString('utf8');
        if (text === undefined) return { why: 'not in this clone' };
        if (++links > MOST_LINKS) return { why: 'a loop' };
        if (text === '') return { why: 'missing' };
        if (posix.isAbsolute(text)) return { why: 'outside the commit' };
        rest = [...text.split('/').filter((one) => one !== ''), ...others];
      } else if (entry) {
        return others.length === 0 && entry.kind === 'file'
          ? { file: entry }
          : { why: entry.kind === 'file' ? 'missing' : 'outside the commit' };
      } else if (this.folders.has(at)) {
        folder = at;
      } else {
        return { why: 'missing' };
      }
    }
    return { why: 'a folder' };
  }
}
