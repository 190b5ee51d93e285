// One matrix as a picture whose cells can be pointed at, with a frame around some of them.

import { fitCanvas } from "../lib/dom.js";
import { raster } from "./raster.js";

/** Draw values (rows × columns) over a square of at most `size` pixels; returns how large a cell is.
 *  frame: {row, column, height, width} in cells, which may reach beyond the picture by up to `margin` cells. */
export function heat(canvas, { values, rows, columns, largest, margin = 0, frame, size }, colors) {
  const cell = size / (Math.max(rows, columns) + 2 * margin);
  const [wide, tall] = [cell * (columns + 2 * margin), cell * (rows + 2 * margin)];
  const context = fitCanvas(canvas, wide, tall);
  const levels = Uint8Array.from(values, (value) => Math.max(0, Math.min(255, (value / (largest || 1)) * 127 + 128.5)));
  context.clearRect(0, 0, wide, tall);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.setLineDash(margin ? [3, 3] : []);
  context.strokeRect(0.5, 0.5, wide - 1, tall - 1);
  context.setLineDash([]);
  context.drawImage(raster(columns, rows).paint(levels, colors.diverging), margin * cell, margin * cell, cell * columns, cell * rows);
  for (const [colour, width] of [[colors.surface, 4], [colors.ink, 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect((frame.column + margin) * cell + 1, (frame.row + margin) * cell + 1, frame.width * cell - 2, frame.height * cell - 2);
  }
  return cell;
}

/** The largest size of the values.
 * @param {Iterable<number>} values
 * @returns {number} */
export function extent(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
