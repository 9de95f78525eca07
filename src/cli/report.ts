import { Objection } from '../admission/objection';
import { ManifestProblem, Position } from '../manifests/manifest-problem';

/** Which object a finding is of, as far as the object says. */
export interface ObjectIdentity {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** An objection to an object, and where it is written. */
export interface Finding extends Objection {
  readonly file: string;
  readonly position: Position;
  readonly object: ObjectIdentity;
  /** Counts the objects that were read, so that two of one name are told apart. */
  readonly objectIndex: number;
}

/** What could not be read: a document, or a path as a whole. */
export type Unreadable = Omit<ManifestProblem, 'position'> & { readonly position?: Position };

/** What validate found. */
export interface Report {
  readonly files: number;
  readonly objects: number;
  /** Documents that are no Kubernetes objects, in files that were not named one by one. */
  readonly skipped: number;
  readonly findings: readonly Finding[];
  readonly unreadable: readonly Unreadable[];
}

export type Counts = Readonly<Record<'files' | 'objects' | 'refused' | 'errors' | 'warnings' | 'unreadable' | 'skipped', number>>;

export function countsOf({ files, objects, skipped, findings, unreadable }: Report): Counts {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const refused = new Set(errors.map(({ objectIndex }) => objectIndex)).size;
  return { files, objects, refused, errors: errors.length, warnings: findings.length - errors.length, unreadable: unreadable.length, skipped };
}

/** 0: nothing refused; 1: something refused; 2: something could not be read. */
export function exitCodeOf({ findings, unreadable }: Report): 0 | 1 | 2 {
  if (unreadable.length > 0) return 2;
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
