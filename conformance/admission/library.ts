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

/** The warning about a field that a later Istio than the referee's introduces: its API server doesn't know the field. */
const NEWER_FIELD = 'ADMIT215';

/** What the library refuses an object for, if field validation is strict as the referee's is: each error, and each newer field. */
export function refusalsOf(admit: Admit, object: unknown): Refusal[] {
  return admit(object).filter(({ severity, code }) => severity === 'error' || code === NEWER_FIELD).map(({ code, field }) => ({ code, field }));
}
