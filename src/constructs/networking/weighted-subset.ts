import { Subset } from './subset';

/** A subset and its part of the requests. */
export interface WeightedSubset {
  /** Where requests go. */
  readonly subset: Subset;

  /**
   * Its part of the requests, in proportion to the sum of all weights: a whole number, 0 for none. The weights
   * need not add up to 100.
   *
   * @default - everything, if it is the only subset; else it is an error
   */
  readonly weight?: number;
}
