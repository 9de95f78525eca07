import { RefusalDetails, refusal } from '../findings/refusal';

/** Makes the error that refuses what a construct was given. */
export type Refuse = (details: Omit<RefusalDetails, 'kind' | 'path' | 'name'>) => Error;

/** The refusals of the construct at a path, which emits an object of this kind. */
export function refusing(kind: string, path: string): Refuse {
  return (details) => refusal({ kind, path, ...details });
}
