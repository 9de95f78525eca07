// The library's own verdict, from a compiled lib/.
import type { Finding } from '../../src/findings/finding';
import { libraryModule, type LibraryModules } from '../library';

export type Admit = LibraryModules['admission/admission']['admit'];

/** For what an object is refused. */
export type Refusal = Pick<Finding, 'code' | 'field'>;

/** `admit` of the library as it is loaded now. */
export function loadedAdmission(): Admit {
  return libraryModule('admission/admission').admit;
}

/** What the library refuses an object for: each error. */
export function refusalsOf(admit: Admit, object: unknown): Refusal[] {
  return admit(object).filter(({ severity }) => severity === 'error').map(({ code, field }) => ({ code, field }));
}
