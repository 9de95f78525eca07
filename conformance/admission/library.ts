// The library's own verdict, from a compiled lib/.
import type { Finding } from '../../src/findings/finding';
import { LIB, libraryModule, type LibraryModules } from '../library';

export type Admit = LibraryModules['admission/admission']['admit'];

/** For what an object is refused. */
export type Refusal = Pick<Finding, 'code' | 'field'>;

/** `admit` of the library that is compiled into a folder. */
export function admissionOf(lib: string = LIB): Admit {
  return libraryModule('admission/admission', lib).admit;
}

/** What the library refuses an object for: each error. */
export function refusalsOf(admit: Admit, object: unknown): Refusal[] {
  return admit(object).filter(({ severity }) => severity === 'error').map(({ code, field }) => ({ code, field }));
}
