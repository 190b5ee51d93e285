// A picture of numbers, one pixel each, in the diverging colours.

import { h } from "../dom.js";

/** Paint rows × columns signed values onto a canvas of that size; `largest` gets the full colour. */
export function paintPixels(canvas, values, rows, columns, colors, largest = 1) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let p = 0; p < pixels.length; p++) {
    pixels[p] = colors.diverging[128 + Math.round(127 * Math.max(-1, Math.min(1, values[p] / largest)))];
  }
  context.putImageData(image, 0, 0);
}

/** A small picture of one of several, (K, rows, columns). */
export function thumbnail(pictures, k, colors) {
  const [, rows, columns] = pictures.shape;
  const canvas = h("canvas", { class: "ll-thumb", "aria-hidden": "true" });
  paintPixels(canvas, pictures.subarray(k * rows * columns, (k + 1) * rows * columns), rows, columns, colors);
  return canvas;
}
