// A small chart with axes, for views that are a row of numbers: a line, bars, or a histogram.

import { ink, levels } from "../lib/axes.js";
import { precise, short } from "../lib/format.js";

const LEFT = 52;
const BOTTOM = 32;
const TOP = 8;
const name = (value) => short(value, 1e4);

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
  levels(context, [low, (low + high) / 2, high], { left: LEFT, right: LEFT + wide, y, name, colors, gap: 5 });
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
  words(context, { view, colors, wide, tall, range: histogram ? range : [1, values.length] });
  return (place) => {
    const i = Math.floor((place.x - LEFT) / pitch);
    if (i < 0 || i >= values.length) return null;
    if (!histogram) return `${view.axes[0]} ${i + 1} · ${precise(values[i])}`;
    const edge = (k) => precise(range[0] + (k / values.length) * (range[1] - range[0]), 3);
    return `${edge(i)} to ${edge(i + 1)} · ${values[i]} of them`;
  };
}

function words(context, { view, colors, wide, tall, range }) {
  ink(context, colors);
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText(name(range?.[0] ?? 0), LEFT, TOP + tall + 4);
  context.textAlign = "right";
  context.fillText(name(range?.[1] ?? 0), LEFT + wide, TOP + tall + 4);
  context.textAlign = "center";
  context.fillText(`${view.axes[0]} →${view.axes[1] ? `   ↑ ${view.axes[1]}` : ""}`, LEFT + wide / 2, TOP + tall + 16);
}
