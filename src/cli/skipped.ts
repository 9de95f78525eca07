import { Position } from '../manifests/manifest-problem';

/** What was found in a folder or by a pattern, and isn't judged. */
export interface Skipped {
  readonly file: string;
  /** Undefined: the file as a whole. */
  readonly position?: Position;
  readonly why: string;
}
