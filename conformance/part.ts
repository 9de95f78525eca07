// A part of the suite: what it is asked, and what it answers.

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

/** In the order in which they run, and stand in docs/conformance.md. */
export const PART_NAMES = ['connections', 'mixed', 'partial', 'data-plane', 'convergence', 'rotations', 'admission', 'fixes', 'yaml', 'live', 'plans', 'runbook', 'cas', 'charts', 'documented', 'peers'] as const;

export type PartName = typeof PART_NAMES[number];

export function isPartName(name: string): name is PartName {
  return PART_NAMES.some((known) => known === name);
}

export interface Part {
  /** Why it can't run here; undefined where it can. */
  readonly missing?: () => string | undefined;
  readonly run: (options: PartOptions) => Promise<PartResult<object>>;
  /** The option that says how many there are. */
  readonly counted?: 'meshes' | 'plans' | 'rotations' | 'objects' | 'fixes' | 'texts' | 'cas';
  /** How many there are without it. */
  readonly count?: number;
}
