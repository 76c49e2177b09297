/** Whole numbers and log-probabilities as few bytes: variable-length numbers, small ones short. */

/** Log-probabilities and margins are kept in steps of this many nats: what a reader sees, not what is compared. */
export const nats = 1e-4;

const special = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

export class NumberWriter {
  readonly #bytes: number[] = [];

  /** 0 to 2^53 − 1. */
  whole(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** Rounded to `nats`; NaN and infinities are kept. */
  rounded(value: number): void {
    const at = special.findIndex((one) => Object.is(one, value));
    const steps = Math.round(value / nats);
    this.whole(at === -1 ? (steps < 0 ? -2 * steps - 1 : 2 * steps) + special.length : at);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export class NumberReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Throws RangeError at the end of the bytes. */
  whole(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new RangeError("the bytes end inside a number");
      this.#at += 1;
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  signed(): number {
    const value = this.whole();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  rounded(): number {
    const value = this.whole();
    const known = special[value];
    if (known !== undefined) return known;
    const steps = value - special.length;
    return (steps % 2 === 1 ? -(steps + 1) / 2 : steps / 2) * nats;
  }
}
