// A small chart with axes, for views that are a row of numbers: a line, bars, or a histogram.

import { short } from "../lib/format.js";

const LARGE = 1e4;           // from here on a number beside an axis has a power of ten
const LEFT = 52;
const BOTTOM = 32;
const TOP = 8;

/** Draw `values`; returns a function from a place to the sentence about what is there. */
export function axesChart(context, values, { view, colors, width, height, range, style }) {
  const histogram = style === "histogram";
  const wide = Math.min(width, 620) - LEFT - 10;
  const tall = height - TOP - BOTTOM;
  let [low, high] = [0, 0];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (high === low) high = low + 1;
  const y = (value) => TOP + tall - ((value - low) / (high - low)) * tall;
  const pitch = wide / Math.max(values.length, 1);
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  for (const value of [low, (low + high) / 2, high]) {
    context.beginPath();
    context.moveTo(LEFT, y(value));
    context.lineTo(LEFT + wide, y(value));
    context.stroke();
  }
  if (style === "line") {
    context.strokeStyle = colors.positive;
    context.lineWidth = 2;
    context.beginPath();
    values.forEach((value, i) => context.lineTo(LEFT + (i + 0.5) * pitch, y(value)));
    context.stroke();
  } else {
    values.forEach((value, i) => {
      const middle = range ? range[0] + ((i + 0.5) / values.length) * (range[1] - range[0]) : value;
      context.fillStyle = middle < 0 ? colors.negative : colors.positive;
      context.fillRect(LEFT + i * pitch + 0.5, Math.min(y(value), y(0)), Math.max(1, pitch - 1), Math.abs(y(value) - y(0)));
    });
  }
  words(context, { view, colors, wide, tall, low, high, y, range: histogram ? range : [1, values.length] });
  return (place) => {
    const i = Math.floor((place.x - LEFT) / pitch);
    if (i < 0 || i >= values.length) return null;
    if (!histogram) return `${view.axes[0]} ${i + 1} · ${values[i].toPrecision(4)}`;
    const edge = (k) => (range[0] + (k / values.length) * (range[1] - range[0])).toPrecision(3);
    return `${edge(i)} to ${edge(i + 1)} · ${values[i]} of them`;
  };
}

function words(context, { view, colors, wide, tall, low, high, y, range }) {
  context.fillStyle = colors.quiet;
  context.font = "11.5px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of [low, (low + high) / 2, high]) context.fillText(short(value, LARGE), LEFT - 5, y(value));
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(short(range?.[0] ?? 0, LARGE), LEFT, TOP + tall + 4);
  context.textAlign = "right";
  context.fillText(short(range?.[1] ?? 0, LARGE), LEFT + wide, TOP + tall + 4);
  context.textAlign = "center";
  context.fillText(`${view.axes[0]} → ${view.axes[1] ?? ""}`, LEFT + wide / 2, TOP + tall + 16);
}
