// A square of values made finer, so that the edge between two classes is drawn smoothly.

/** Keeps what it needs for the next square of the same size. */
export class Upsample {
  /** @type {number} */ side;
  /** @type {Int32Array} */ low;
  /** @type {Float32Array} */ share;
  /** @type {Uint8Array} */ out;

  constructor(factor) {
    this.factor = factor;
  }

  /** uint8 values of a square, `factor` times as fine; in between, values are weighed by how near they are.
   * @param {ArrayLike<number>} values
   * @param {number} side
   * @returns {Uint8Array} */
  of(values, side) {
    if (this.side !== side) this.prepare(side);
    const { low, share, out } = this;
    const fine = low.length;
    for (let y = 0; y < fine; y++) {
      const top = low[y] * side;
      const down = share[y];
      for (let x = 0; x < fine; x++) {
        const k = top + low[x];
        const right = share[x];
        const above = values[k] + (values[k + 1] - values[k]) * right;
        const below = values[k + side] + (values[k + side + 1] - values[k + side]) * right;
        out[y * fine + x] = above + (below - above) * down + 0.5;
      }
    }
    return out;
  }

  /** Which two values each fine place lies between, and how far from the first. */
  prepare(side) {
    const fine = side * this.factor;
    Object.assign(this, { side, low: new Int32Array(fine), share: new Float32Array(fine), out: new Uint8Array(fine * fine) });
    for (let i = 0; i < fine; i++) {
      const at = Math.max(0, Math.min(side - 1, (i + 0.5) / this.factor - 0.5));
      this.low[i] = Math.min(side - 2, Math.floor(at));
      this.share[i] = at - this.low[i];
    }
  }
}
