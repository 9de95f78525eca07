import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import type { Package } from './output/package';

/** Verbs with a code cache of their own, since each needs other functions. */
const VERBS = ['check', 'connections', 'diff', 'test', 'validate', 'rules'];

/** The command: what its bin file runs. */
export function start(args: readonly string[], packaged: Package): Promise<void> {
  const [verb = ''] = args;
  const file = verb === 'check' ? 'check-main.js' : 'main.js';
  const { main } = loadCached(join(__dirname, file), VERBS.includes(verb) ? verb : 'other') as typeof import('./main');
  return main(args, packaged);
}

/** The environment that determines the user's cache folder. */
export interface CachePlace {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The folder of the compile cache in the user's cache folder; undefined if the platform names none. */
export function cacheFolder({ env, platform, home }: CachePlace): string | undefined {
  const base = platform === 'win32'
    ? env.LOCALAPPDATA
    : env.XDG_CACHE_HOME || join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
  return base !== undefined && isAbsolute(base) ? join(base, 'istio-mtls', 'code') : undefined;
}

/**
 * Loads a CommonJS file in ASCII, and the files beside it that it requires, with the code that V8 compiled in an earlier run:
 * compiling takes longer than judging a small manifest. The first run leaves a note and the second run the code, since writing it
 * would only cost time in a run without a successor, as in a fresh container. Nobody inspects compiled code before it runs, so it
 * is kept only in a folder that nobody else can write to. If anything fails, the file is loaded as usual.
 *
 * @param name the cache that runs with the same functions share
 */
export function loadCached(file: string, name: string): unknown {
  const { env, platform } = process;
  const folder = env.NODE_DISABLE_COMPILE_CACHE ? undefined : privateFolder(cacheFolder({ env, platform, home: homedir() }));
  const load = nodeModule.createRequire(file);
  if (folder === undefined) return load(file);
  // Exists in Node 22 and later.
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache) {
    enableCompileCache(folder);
    return load(file);
  }
  return new CachedLoader(join(folder, `${name}-${process.version}-${process.arch}`)).load(file);
}

/** The folder, created if missing; undefined if others can write to it or it can't be created. */
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

/** A text that changes with the file: V8 compares only the length of a source. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}`;
}

/**
 * The compiled code of a file, after a checksum and the key of its file; empty code is the
 * note of a first run. The checksum is needed because V8 would run damaged code.
 */
class CachedCode {
  private readonly key: Buffer;

  /** @param key identifies the file and its state */
  constructor(private readonly path: string, key: string) {
    this.key = Buffer.from(key);
  }

  /** The code, empty after a first run; undefined if there is none for this file. */
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
      // The next run compiles it again.
    }
  }
}

/** The number of bytes of the checksum. */
const SUM = 4;

/** The checksum of empty code is a constant, so that a first run needn't load the module for checksums. */
function sumOf(code: Buffer): number {
  return code.length === 0 ? 0 : crc32(code);
}

/** The offset of the code: aligned, as V8 requires. */
function beginOf(key: Buffer): number {
  return Math.ceil((SUM + key.length) / 8) * 8;
}

const NOTHING = Buffer.alloc(0);

/** Loads CommonJS files as Node does. */
class CachedLoader {
  private readonly modules = new Map<string, { exports: unknown }>();
  /** Whether this run only leaves a note, when it loads the first file. */
  private isFirst = false;

  /** @param prefix the start of the paths of cached files */
  constructor(private readonly prefix: string) {}

  load(file: string): unknown {
    const known = this.modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    this.modules.set(file, module);
    this.script(file).runInThisContext()(module.exports, this.requireOf(file), module, file, dirname(file));
    return module.exports;
  }

  /** Loads files beside or below the file the same way, and others as Node does. */
  private requireOf(file: string): (id: string) => unknown {
    const load = nodeModule.createRequire(file);
    return (id) => (/^\.\/.*\.js$/.test(id) ? this.load(join(dirname(file), id)) : load(id));
  }

  private script(file: string): Script {
    // Latin-1 takes half the time to read.
    const source = nodeModule.wrap(readFileSync(file, 'latin1'));
    if (this.isFirst) return new Script(source, { filename: file });
    const cache = new CachedCode(this.modules.size === 1 ? this.prefix : `${this.prefix}-${basename(file, '.js')}`, keyOf(file));
    const code = cache.read();
    this.isFirst = code === undefined && this.modules.size === 1;
    const cachedData = code !== undefined && code.length > 0 ? code : undefined;
    const script = new Script(source, { filename: file, cachedData });
    if (this.isFirst) cache.write(NOTHING);
    // At exit, when all functions that the run needed are compiled.
    else if (cachedData === undefined || script.cachedDataRejected) process.once('exit', () => cache.write(script.createCachedData()));
    return script;
  }
}
