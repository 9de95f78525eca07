/** Random numbers from a seed: xorshift, whose whole state is one number. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed % 0xffff_ffff || 1;
    for (let round = 0; round < 8; round += 1) this.below(2);
  }

  below(limit) {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % Math.max(limit, 1);
  }

  one(list) {
    return list[this.below(list.length)];
  }
}
