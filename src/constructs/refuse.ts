import { RefusalDetails, refusal } from '../findings/refusal';

/** Makes the error that refuses what a construct was given. */
export type Refuse = (details: Omit<RefusalDetails, 'kind' | 'path' | 'name'>) => Error;

/** The refusals of the construct at a path, which stands for an object of this kind; `name` as far as it is known. */
export function refusing(kind: string, path: string, name?: string): Refuse {
  return (details) => refusal({ kind, name, path, ...details });
}
