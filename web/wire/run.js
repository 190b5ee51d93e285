// What the page knows of a run: its scene, its newest frame, and its history as growing columns.

/** @import { Frame, NumberArray, Scene } from "./host.d.ts" */

export class Run {
  /** @type {Scene | null} */ scene = null;
  /** @type {Frame | null} */ frame = null;
  /** @type {string[]} */ columns = ["step"];                  // of the history: the scene names them
  /** @type {Record<string, number[]>} */ history = { step: [] };

  /** Take in a message; says what it was.
   * @param {any} message */
  apply({ header, arrays }) {
    if (header.type === "scene") {
      this.scene = { ...header, arrays };
      this.frame = null;
      this.columns = header.columns.history;
      this.history = Object.fromEntries(this.columns.map((name) => [name, []]));
    } else if (header.type === "frame") {
      if (arrays.history) this.extend(header.first_row, arrays.history);
      // A picture that costs much is not in every frame: until the next one, the last one stays.
      const trouble = header.probe_trouble ?? this.frame?.probe_trouble;
      this.frame = { ...header, arrays: { ...this.frame?.arrays, ...arrays }, probe_trouble: trouble };
      if (header.probe && this.scene) this.scene.probe = header.probe;
    } else if (header.type === "died" && this.frame) {
      Object.assign(this.frame, { status: "ended", steps_per_second: 0 });
    }
    return header.type;
  }

  /** @param {number} length */
  truncate(length) {
    for (const name of this.columns) this.history[name].length = Math.min(length, this.history[name].length);
  }

  /** @param {number} first
   * @param {NumberArray} rows */
  extend(first, rows) {
    this.truncate(first);
    const width = this.columns.length;
    for (let row = 0; row < rows.shape[0]; row++) {
      this.columns.forEach((name, i) => this.history[name].push(rows[row * width + i]));
    }
  }
}
