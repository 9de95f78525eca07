// The library's own verdict, from a compiled lib/.
import type { Finding } from '../../src/findings/finding';
import { libraryModule, type LibraryModules } from '../library';

export type Admit = LibraryModules['admission/admission']['admit'];

/** For what an object is refused. */
export type Refusal = Pick<Finding, 'code' | 'field'>;

/** The version of the CRDs that the referee's API server has, which are those of imports/: newer than its webhook. */
const istioVersion = '1.32';

/** `admit` of the library as it is loaded now, for the CRDs that the referee has. */
export function loadedAdmission(): Admit {
  const { admit } = libraryModule('admission/admission');
  return (object, context) => admit(object, { istioVersion, ...context });
}

/** What the library refuses an object for, if field validation is strict as the referee's is. */
export function refusalsOf(admit: Admit, object: unknown): Refusal[] {
  return admit(object).filter(({ severity }) => severity === 'error').map(({ code, field }) => ({ code, field }));
}
