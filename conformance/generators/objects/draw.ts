// Choices that fast-check makes: the same for the same seed.
import fc, { type GeneratorValue } from 'fast-check';

// One function for all draws, so that fast-check knows it again.
const upTo = (most: number) => fc.noBias(fc.nat(most));

export class Draw {
  /** @param gen what `fc.gen()` hands in */
  constructor(private readonly gen: GeneratorValue) {}

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return this.gen(upTo, count - 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** Different items of a list, in its order, `most` at most. */
  some<T>(list: readonly T[], most: number): T[] {
    const left = [...list];
    while (left.length > most) left.splice(this.below(left.length), 1);
    return left;
  }
}
