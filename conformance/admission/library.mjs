// The library's own verdict, from a compiled lib/.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LIB = fileURLToPath(new URL('../../lib', import.meta.url));

/** `admit` of the library that is compiled into a folder. */
export function admissionOf(lib = LIB) {
  const file = join(lib, 'src', 'admission', 'admission.js');
  if (!existsSync(file)) throw new Error(`${file} is missing; expected a compiled library. Fix: npx projen compile`);
  return createRequire(file)(file).admit;
}

/** What the library refuses: `{ code, field }` of each error, field being the path. */
export function refusalsOf(admit, object) {
  return admit(object).filter(({ severity }) => severity === 'error').map(({ code, field }) => ({ code, field }));
}
