import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import type { Fault, LoadModule } from './fault';
import { LIB } from '../library';

const SOURCES = join(LIB, 'src');
const required = createRequire(__filename);
const load: LoadModule = (path) => required(join(SOURCES, `${path}.js`));

/**
 * Has the compiled library loaded anew, with a fault or without: `libraryModule` gives its modules from then on. One that was
 * loaded before must not be asked any more: what it loads only when it needs it, it would get of the new one.
 */
export function loadAnew(fault?: Fault): void {
  for (const file of Object.keys(required.cache)) if (file.startsWith(SOURCES + sep)) delete required.cache[file];
  fault?.make(load);
}
