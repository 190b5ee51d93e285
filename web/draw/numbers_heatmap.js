// A heatmap of whatever passes between two layers, with its first numbers below.

import { h, fitCanvas } from "../lib/dom.js";
import { fixed } from "../lib/format.js";
import { tiles, tilesHeight } from "./tiles.js";

/** @import { NumberArray } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const FIRST = 6;          // numbers that are written out
const WRAP = 32;          // a longer vector is shown in several rows

export class NumbersHeatmap {
  /** @type {[NumberArray, Colors, string, string]} */ shown;
  /** @type {number} */ width;
  /** @type {(place: {x: number, y: number}) => string | null} */ at;

  constructor(name) {
    this.title = h("h4", {}, name);
    this.canvas = h("canvas", { role: "img", "data-view": name });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.numbers = h("p", { class: "ll-first" });
    this.frame = h("div", { class: "ll-inspect-frame" }, this.canvas, this.tip);
    this.element = h("div", { class: "ll-heat" }, this.title, this.frame, this.numbers);
    new ResizeObserver(() => this.shown && this.frame.clientWidth !== this.width && this.draw(...this.shown)).observe(this.frame);
    this.canvas.addEventListener("pointermove", (event) => this.point({ x: event.offsetX, y: event.offsetY }));
    this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
  }

  /** Show an array of shape (F), (T, F) or (H, W, C); `title` says whose numbers they are, `of` what each of F is. */
  draw(array, colors, title, of = "unit") {
    this.shown = [array, colors, title, of];
    this.width = this.frame.clientWidth;
    this.title.textContent = title;
    const parts = arrange(array, of);
    const width = this.frame.clientWidth || 300;
    const height = tilesHeight(parts, width);
    const context = fitCanvas(this.canvas, width, height);
    context.clearRect(0, 0, width, height);
    this.at = tiles(context, parts, { colors, width, height });
    this.canvas.setAttribute("aria-label", `${title}: blue positive, orange negative`);
    const first = Array.from(array.subarray(0, FIRST), (value) => fixed(value, 3));
    this.numbers.textContent = `${first.join("  ")}${array.length > FIRST ? "  …" : ""}`;
  }

  point(place) {
    const text = this.at?.(place);
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(0, Math.min(place.x + 12, this.frame.clientWidth - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${Math.max(0, place.y - 32)}px`;
  }
}

/** An array as heatmaps: channels side by side, time to the right, a long vector in several rows. */
function arrange(array, of) {
  const { shape } = array;
  if (shape.length === 3) {
    const [rows, columns, channels] = shape;
    const channel = (c) => Float32Array.from({ length: rows * columns }, (_, p) => array[p * channels + c]);
    return { diverging: true, rows, columns, axes: ["row", "column"], least: 48, tiles: Array.from({ length: channels },
      (_, c) => ({ title: channels > 1 ? `${c + 1}` : "", about: `channel ${c + 1}`, values: channel(c) })) };
  }
  if (shape.length === 2) {
    const [steps, features] = shape;
    const values = Float32Array.from(array, (_, p) => array[(p % steps) * features + Math.floor(p / steps)]);
    return { diverging: true, rows: features, columns: steps, axes: ["feature", "step"], tiles: [{ title: "", values }] };
  }
  const columns = Math.min(array.length, WRAP);
  const rows = Math.ceil(array.length / columns);
  const values = new Float32Array(rows * columns);
  values.set(array);
  return { diverging: true, rows, columns, axes: rows > 1 ? [`next ${of}s`, of] : ["example", of], tiles: [{ title: "", values }] };
}
