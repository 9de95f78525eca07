// Random numbers that a seed and an index decide: text 5 of seed 7 is always the same, whatever came before it.

export class Random {
  private state: number;

  constructor(seed: number, index = 0) {
    this.state = mixed(mixed(seed >>> 0) ^ index);
  }

  /** A number from 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return mixed(this.state) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }

  /** Mostly what is right: a text with one mistake in it says nothing of the rest. */
  mostly<T>(right: readonly T[], wrong: readonly T[]): T {
    return this.pick(this.chance(0.88) ? right : wrong);
  }

  list<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.between(least, most) }, (_, index) => make(index));
  }
}

/** The bits of a number of 32 bits, well mixed. */
function mixed(number: number): number {
  let bits = number ^ (number >>> 16);
  bits = Math.imul(bits, 0x21f0aaad);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
