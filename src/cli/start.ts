import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import type { Package } from './output/package';

/** Each keeps code of its own, since each needs other functions. */
const VERBS = ['check', 'connections', 'diff', 'test', 'validate', 'rules'];

/** The command: what its bin file runs. */
export function start(args: readonly string[], packaged: Package): Promise<void> {
  const [verb = ''] = args;
  const file = verb === 'check' ? 'check-main.js' : 'main.js';
  const { main } = loadCached(join(__dirname, file), VERBS.includes(verb) ? verb : 'other') as typeof import('./main');
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
  const base = platform === 'win32'
    ? env.LOCALAPPDATA
    : env.XDG_CACHE_HOME || join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
  return base !== undefined && isAbsolute(base) ? join(base, 'istio-mtls', 'code') : undefined;
}

/**
 * Loads a CommonJS file in ASCII, and those beside it that it requires, with the code that V8 compiled of them in an earlier run: to
 * compile the command anew takes longer than to judge a small manifest. The first run leaves a note and the second one the code,
 * since to write it takes time that a run that has no successor, as in a fresh container, would lose. Compiled code is run unseen,
 * so it is kept and taken only in a folder that nobody else can write to. Whatever fails, the file is loaded as any other.
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
  return new CachedLoader(join(folder, `${name}-${process.version}-${process.arch}`)).load(file);
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
      const isWhole = found.length >= begin && this.key.equals(found.subarray(SUM, SUM + this.key.length))
        && found.readUInt32LE() === sumOf(code);
      return isWhole ? code : undefined;
    } catch {
      return undefined;
    }
  }

  write(code: Buffer): void {
    try {
      const path = `${this.path}.${process.pid}`;
      const head = Buffer.alloc(beginOf(this.key));
      head.writeUInt32LE(sumOf(code));
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

/** The sum of nothing is known, and a first run needn't load what makes sums. */
function sumOf(code: Buffer): number {
  return code.length === 0 ? 0 : crc32(code);
}

/** Where the code begins: aligned, as V8 wants it. */
function beginOf(key: Buffer): number {
  return Math.ceil((SUM + key.length) / 8) * 8;
}

const NOTHING = Buffer.alloc(0);

/** Loads CommonJS files as Node does. */
class CachedLoader {
  private readonly modules = new Map<string, { exports: unknown }>();
  /** Whether this run only leaves a note, at the first file that it loads. */
  private isFirst = false;

  /** @param prefix of the paths of what is kept */
  constructor(private readonly prefix: string) {}

  load(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(file, module);
    this.script(file).runInThisContext()(module.exports, this.requireOf(file), module, file, dirname(file));
    return module.exports;
  }

  /** Loads what is beside the file or below in the same way, and all else as Node does. */
  private requireOf(file: string): (id: string) => unknown {
    const load = nodeModule.createRequire(file);
    return (id) => (/^\.\/.*\.js$/.test(id) ? this.load(join(dirname(file), id)) : load(id));
  }

  private script(file: string): Script {
    // In Latin 1 it is read in half the time.
    const source = nodeModule.wrap(readFileSync(file, 'latin1'));
    if (this.isFirst) return new Script(source, { filename: file });
    const cache = new CachedCode(this.modules.size === 1 ? this.prefix : `${this.prefix}-${basename(file, '.js')}`, keyOf(file));
    const code = cache.read();
    this.isFirst = code === undefined && this.modules.size === 1;
    const cachedData = code !== undefined && code.length > 0 ? code : undefined;
    const script = new Script(source, { filename: file, cachedData });
    if (this.isFirst) cache.write(NOTHING);
    // At the end, when all that the run needed is compiled.
    else if (cachedData === undefined || script.cachedDataRejected) process.once('exit', () => cache.write(script.createCachedData()));
    return script;
  }
}
