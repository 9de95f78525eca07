// A part of the suite: what it judges, and what docs/conformance.md says of that.

export type Print = (text: string) => void;

export interface Counted {
  readonly passed: number;
  readonly failed: number;
}

export interface PartOptions {
  readonly seed: number;
  /** How many things are judged, where a part counts them. */
  readonly count?: number;
  readonly print: Print;
}

export interface PartResult<Facts> extends Counted {
  /** What is recorded, as JSON, when nothing failed. */
  readonly facts: Facts;
}

/** The facts of a part are known to itself alone: whoever keeps them knows that they are JSON. */
export interface Part<Facts = any> {
  readonly run: (options: PartOptions) => Promise<PartResult<Facts>>;
  /** The section of docs/conformance.md, from the facts of one run. */
  readonly section: (facts: Facts) => string;
  /** The option that says how many there are. */
  readonly counted?: 'meshes' | 'objects' | 'fixes' | 'texts';
  /** How many there are without it. */
  readonly count?: number;
}
