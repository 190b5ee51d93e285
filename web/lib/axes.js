// What charts on a canvas have in common: straight lines, quiet writing, and levels with their numbers at the left.

/** @import { Colors } from "./colors.js" */

/** Write as axes do from here on.
 * @param {CanvasRenderingContext2D} context
 * @param {Colors} colors */
export const ink = (context, colors) => Object.assign(context, { fillStyle: colors.quiet, font: "11.5px system-ui, sans-serif", textBaseline: "middle" });

/** A thin straight line. */
export function rule(context, color, x1, y1, x2, y2) {
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** A line from left to right at each of the values, its name beside it; y(value) is its height.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} values
 * @param {{left: number, right: number, y: (value: number) => number, name: (value: number) => string, colors: Colors, gap?: number}} about */
export function levels(context, values, { left, right, y, name, colors, gap = 6 }) {
  ink(context, colors);
  context.textAlign = "right";
  for (const value of values) {
    rule(context, colors.line, left, y(value), right, y(value));
    context.fillText(name(value), left - gap, y(value));
  }
}
