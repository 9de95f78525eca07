// Choices that fast-check makes: the same for the same seed.
import fc from 'fast-check';

// One function for all draws, so that fast-check knows it again.
const upTo = (most) => fc.noBias(fc.nat(most));

export class Draw {
  /** @param gen what `fc.gen()` hands in */
  constructor(gen) {
    this.gen = gen;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count) {
    return this.gen(upTo, count - 1);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** True once in `times`. */
  once(times) {
    return this.below(times) === 0;
  }

  /** Different items of a list, in its order, `most` at most. */
  some(list, most) {
    const left = [...list];
    while (left.length > most) left.splice(this.below(left.length), 1);
    return left;
  }
}
