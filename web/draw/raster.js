// Numbers as pixels. Pictures of one size share their memory, so that drawing at the screen's rate leaves no garbage:
// every few seconds the browser would stop everything to collect it.

import { contextOf } from "../lib/dom.js";

const MOST = 40;
/** @type {Map<string, Raster>} */ const rasters = new Map();

/** A picture of columns × rows pixels, to be drawn at once: the next one of this size writes over it.
 * @param {number} columns
 * @param {number} rows */
export function raster(columns, rows) {
  const key = `${columns}:${rows}`;
  if (!rasters.has(key)) {
    if (rasters.size >= MOST) rasters.clear();
    rasters.set(key, new Raster(columns, rows));
  }
  return /** @type {Raster} */ (rasters.get(key));
}

class Raster {
  constructor(columns, rows) {
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [columns, rows];
    this.context = contextOf(this.canvas);
    this.image = new ImageData(columns, rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Values (uint8) through a table of 256 colours, on a canvas. */
  paint(values, table) {
    for (let i = 0; i < this.pixels.length; i++) this.pixels[i] = table[values[i]];
    return this.drawn();
  }

  /** What was written to `pixels`, on a canvas. */
  drawn() {
    this.context.putImageData(this.image, 0, 0);
    return this.canvas;
  }
}
