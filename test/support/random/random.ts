/** Choices that are the same for the same seed. */
export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to `below`, exclusive. */
  below(below: number): number {
    this.state = (this.state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((this.state / 2 ** 32) * below);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }

  some<T>(values: readonly T[]): T[] {
    return values.filter(() => this.below(2) === 0);
  }

  shuffled<T>(values: readonly T[]): T[] {
    return values.map((value) => ({ value, key: this.below(2 ** 30) })).sort((left, right) => left.key - right.key).map(({ value }) => value);
  }
}
