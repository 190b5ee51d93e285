// A loss landscape as it comes in: grid lines, losses slice by slice, and what a map or a surface needs of them.

import { precise } from "../lib/format.js";

/** @import { Arrays, Message } from "../wire/host.d.ts" */

const CUT = 4;           // losses this many times as far above the least as most of them are get cut off
const LEAST = 1e-12;
const FINE = 8;          // places between two of a way that lies on a surface

export class LossGrid {
  /** @type {Record<string, any>} */ header;
  /** @type {Arrays} */ arrays;
  /** @type {number[]} */ a;
  /** @type {number[]} */ b;
  /** @type {(number | null)[][]} */ z;
  /** @type {number[][]} */ truth;
  /** @type {boolean} */ log;
  /** @type {number} */ low;
  /** @type {number} */ ceiling;
  /** @type {boolean} */ cut;

  /** From the first answer of a landscape or the "plane" of a race. */
  constructor({ header, arrays }) {
    Object.assign(this, { header, arrays, a: Array.from(arrays.a), b: Array.from(arrays.b) });
    this.losses = new Float32Array(this.a.length * this.b.length).fill(NaN);
    this.count = 0;
    this.pathLoss = [];
  }

  /** A slice of losses has come.
   * @param {Message} message */
  take({ header, arrays }) {
    this.losses.set(arrays.losses, header.start);
    this.count = header.start + arrays.losses.length;
  }

  get share() {
    return this.count / this.losses.length;
  }

  /** Make "z", the heights to draw, from the losses: cut off where they soar, or as logarithms.
   * @param {boolean} log */
  level(log) {
    const finite = this.losses.slice(0, this.count).filter(Number.isFinite).sort();
    this.log = log;
    this.low = finite[0] ?? 0;
    const most = finite[Math.floor(finite.length * 0.8)] ?? 1;
    this.ceiling = Math.min(finite.at(-1) ?? 1, log ? Infinity : this.low + CUT * (most - this.low) + LEAST);
    this.cut = (finite.at(-1) ?? 0) > this.ceiling || finite.length < this.count;
    this.z = this.b.map((_, row) => this.a.map((_, column) => this.height(this.losses[row * this.a.length + column], row, column)));
    this.truth = this.b.map((_, row) => Array.from(this.losses.subarray(row * this.a.length, (row + 1) * this.a.length)));
  }

  height(loss, row, column) {
    if (row * this.a.length + column >= this.count) return null;
    const bounded = Number.isFinite(loss) ? Math.min(loss, this.ceiling) : this.ceiling;
    return this.log ? Math.log10(Math.max(bounded, LEAST)) : bounded;
  }

  /** The height drawn at a place of the plane, between the grid's points; null beside it.
   * @param {number} x
   * @param {number} y
   * @returns {number | null} */
  at(x, y) {
    const { a, b, z } = this;
    const i = ((x - a[0]) / (a[a.length - 1] - a[0])) * (a.length - 1);
    const j = ((y - b[0]) / (b[b.length - 1] - b[0])) * (b.length - 1);
    if (!(i >= 0 && j >= 0 && i <= a.length - 1 && j <= b.length - 1)) return null;
    const [c, r] = [Math.min(a.length - 2, Math.floor(i)), Math.min(b.length - 2, Math.floor(j))];
    const [s, t] = [i - c, j - r];
    if (z[r + 1][c + 1] === null) return null;                 // losses come in order: the three before it are there
    const height = (row, column) => /** @type {number} */ (z[row][column]);
    return (height(r, c) * (1 - s) + height(r, c + 1) * s) * (1 - t) + (height(r + 1, c) * (1 - s) + height(r + 1, c + 1) * s) * t;
  }

  /** A way (K, 2) as the columns "<name>.a" and "<name>.b"; with a `name.z` just above the surface, finely followed.
   * @param {string} name
   * @param {ArrayLike<number>} places */
  way(name, places) {
    const [a, b] = [0, 1].map((k) => Array.from({ length: places.length / 2 }, (_, i) => places[2 * i + k]));
    const fine = (values) => values.flatMap((value, i) => (i === values.length - 1 ? [value]
      : Array.from({ length: FINE }, (_, k) => value + ((values[i + 1] - value) * k) / FINE)));
    const [x, y] = [fine(a), fine(b)];
    const heights = this.z.flat().filter((value) => value !== null);
    const lift = 0.02 * (heights.reduce((m, z) => Math.max(m, z), -Infinity) - heights.reduce((m, z) => Math.min(m, z), Infinity));
    const z = x.map((value, i) => this.at(value, y[i])).map((height) => (height === null ? null : height + lift));
    return { [`${name}.a`]: a, [`${name}.b`]: b, [`${name}.x`]: x, [`${name}.y`]: y, [`${name}.z`]: z };
  }

  /** The columns that every figure of a landscape takes. */
  get columns() {
    return { a: this.a, b: this.b, z: this.z, truth: this.truth };
  }

  get unit() {
    return this.log ? "log₁₀ of the loss" : "Loss";
  }

  /** Whatever of the loss could not be drawn as it is, as a sentence. */
  get caution() {
    return this.cut ? ` Losses above ${precise(this.ceiling, 3)} are cut off${this.log ? "" : ": a log scale shows them"}.` : "";
  }
}
