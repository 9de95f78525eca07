import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import type { Package } from './package';

/** Each keeps code of its own, since each needs other functions. */
const VERBS = ['check', 'connections', 'diff', 'validate', 'rules'];

/** The command: what its bin file runs. */
export function start(args: readonly string[], packaged: Package): Promise<void> {
  const [verb = ''] = args;
  const { main } = loadCached(join(__dirname, 'main.js'), VERBS.includes(verb) ? verb : 'other') as typeof import('./main');
  return main(args, packaged);
}

/** What says where a user's caches are. */
export interface CachePlace {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The folder for the command's compiled code, where the platform keeps a user's caches; undefined: it names none. */
export function cacheFolder({ env, platform, home }: CachePlace): string | undefined {
  const base = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
  return base !== undefined && isAbsolute(base) ? join(base, 'istio-mtls', 'code') : undefined;
}

/**
 * Loads a CommonJS file with the code that V8 compiled of it in an earlier run: to compile the command anew takes longer than to
 * judge a small manifest. The first run leaves a note and the second one the code, since to write it takes time that a run
 * that has no successor, as in a fresh container, would lose. Compiled code is run unseen, so it is kept and taken only in a
 * folder that nobody else can write to. Whatever fails, the file is loaded as any other.
 *
 * @param name by which runs that need the same functions share the code
 */
export function loadCached(file: string, name: string): unknown {
  const { env, platform } = process;
  const folder = env.NODE_DISABLE_COMPILE_CACHE ? undefined : privateFolder(cacheFolder({ env, platform, home: homedir() }));
  const load = nodeModule.createRequire(file);
  if (folder === undefined) return load(file);
  // Of Node 22 and later.
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache) {
    enableCompileCache(folder);
    return load(file);
  }
  return loadWith(new CachedCode(join(folder, `${name}-${process.version}-${process.arch}`), keyOf(file)), file);
}

/** The folder, made if it isn't there; undefined if others can write to it, or it can't be made. */
function privateFolder(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    // eslint-disable-next-line no-bitwise -- a mode is bits
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOurs && lstatSync(folder).isDirectory() ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** A text that changes with the file: V8 itself looks at no more than the length of a source. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}`;
}

/**
 * The code of a file, after a sum of it and a text that tells of which file it is; none is the note of a first run. V8 itself
 * would run code that is damaged.
 */
class CachedCode {
  private readonly key: Buffer;

  /** @param key of which file, in which state */
  constructor(private readonly path: string, key: string) {
    this.key = Buffer.from(key);
  }

  /** The code, empty after a first run; undefined: there was none of this file. */
  read(): Buffer | undefined {
    try {
      const found = readFileSync(this.path);
      const begin = beginOf(this.key);
      const code = found.subarray(begin);
      const isWhole = found.length >= begin && this.key.equals(found.subarray(SUM, SUM + this.key.length)) && found.readInt32LE() === sumOf(code);
      return isWhole ? code : undefined;
    } catch {
      return undefined;
    }
  }

  write(code: Buffer): void {
    try {
      const path = `${this.path}.${process.pid}`;
      const head = Buffer.alloc(beginOf(this.key));
      head.writeInt32LE(sumOf(code));
      this.key.copy(head, SUM);
      writeFileSync(path, Buffer.concat([head, code]), { mode: 0o600 });
      renameSync(path, this.path);
    } catch {
      // Then the next run compiles it again.
    }
  }
}

/** The bytes of the sum. */
const SUM = 4;

/** Where the code begins: aligned, so that it can be summed up word by word. */
function beginOf(key: Buffer): number {
  return Math.ceil((SUM + key.length) / 8) * 8;
}

/** Differs for code that is cut short or changed. */
function sumOf(code: Buffer): number {
  const aligned = code.byteOffset % 4 === 0 ? code : Buffer.from(code);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4));
  let sum = code.length;
  for (let index = 0; index < words.length; index += 1) sum = Math.imul(Math.imul(sum, 31) + words[index], 1);
  return sum;
}

const NOTHING = Buffer.alloc(0);

/** As Node loads a CommonJS module. */
function loadWith(cache: CachedCode, file: string): unknown {
  const known = cache.read();
  const cachedData = known !== undefined && known.length > 0 ? known : undefined;
  const script = new Script(nodeModule.wrap(readFileSync(file, 'utf8')), { filename: file, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, nodeModule.createRequire(file), loaded, file, dirname(file));
  if (known === undefined) cache.write(NOTHING);
  // At the end, when all that the run needed is compiled.
  else if (cachedData === undefined || script.cachedDataRejected) process.once('exit', () => cache.write(script.createCachedData()));
  return loaded.exports;
}
