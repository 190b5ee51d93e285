// A picture of numbers, one pixel each, in the diverging colours.

import { contextOf, h } from "../lib/dom.js";
import { raster } from "./raster.js";

/** @import { Colors } from "../lib/colors.js" */
/** @import { NumberArray } from "../wire/host.d.ts" */

/** Paint rows × columns signed values onto a canvas of that size; `largest` gets the full colour.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values
 * @param {number} rows
 * @param {number} columns
 * @param {Colors} colors
 * @param {number} [largest] */
export function paintPixels(canvas, values, rows, columns, colors, largest = 1) {
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  const { pixels, image } = raster(columns, rows);
  for (let p = 0; p < pixels.length; p++) {
    pixels[p] = colors.diverging[128 + Math.round(127 * Math.max(-1, Math.min(1, values[p] / largest)))];
  }
  contextOf(canvas).putImageData(image, 0, 0);
}

/** A small picture of one of several, (K, rows, columns).
 * @param {NumberArray} pictures
 * @param {number} k
 * @param {Colors} colors */
export function thumbnail(pictures, k, colors) {
  const [, rows, columns] = pictures.shape;
  const canvas = h("canvas", { class: "ll-thumb", "aria-hidden": "true" });
  paintPixels(canvas, pictures.subarray(k * rows * columns, (k + 1) * rows * columns), rows, columns, colors);
  return canvas;
}
