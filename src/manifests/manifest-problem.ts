/** A place in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The whole line, as it is written; nothing when the document or the line may hold a secret. */
  readonly text?: string;
}

/** Why a document, or an item of a List, could not be read. */
export interface ManifestProblem {
  /** Whether it is a whole document that is a list, as JSON patches and tables are. */
  readonly isListDocument?: boolean;
  /** Of the catalogue in docs/admission.md, section "Reading". */
  readonly code: string;
  readonly file: string;
  readonly position: Position;
  readonly actual: string;
  readonly expected: string;
  readonly because?: string;
  /** One action. */
  readonly fix: string;
}
