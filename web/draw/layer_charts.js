// Numbers of all layers, now as bars and over time as lines, on a logarithmic scale where they span decades.

import { ink, levels, rule } from "../lib/axes.js";
import { measure, rounded, whole } from "../lib/format.js";
import { brief, spot, ticks } from "../lib/logsteps.js";

const LEFT = 56;
const LABELS = 128;       // room for the layers' names
const BOTTOM = 34;
const TOP = 10;
const ROW = 24;

export const barsHeight = (count) => TOP + count * ROW + BOTTOM;

/** A scale from values to 0..1, and its ticks. */
function scaleOf(values, log) {
  const known = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (log) {
    const from = known.length ? Math.floor(Math.log10(Math.min(...known))) : -1;
    const high = known.length ? Math.ceil(Math.log10(Math.max(...known))) : 0;
    const span = Math.max(high - from, 1);
    const step = Math.ceil(span / 6);
    const ticks = Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => 10 ** (from + i * step));
    return { at: (value) => (value > 0 ? Math.max(0, (Math.log10(value) - from) / span) : 0), ticks, name: power };
  }
  const low = Math.min(...known, 0);
  const high = Math.max(...known, low + 1e-9);
  return { at: (value) => (value - low) / (high - low), ticks: [low, (low + high) / 2, high], name: (value) => rounded(value, 2) };
}

function power(value) {
  const digits = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return `10${[...String(Math.round(Math.log10(value)))].map((digit) => digits[digit]).join("")}`;
}

/** One bar for each row {name, value, color}; `usual` marks a value that is good to be near. */
export function bars(context, rows, { width, height, colors, log, axis, usual }) {
  const scale = scaleOf([...rows.map((row) => row.value), ...(usual ? [usual] : [])], log);
  const wide = width - LABELS - 64;
  const x = (value) => LABELS + scale.at(value) * wide;
  const foot = height - BOTTOM;
  ink(context, colors);
  let free = -Infinity;                                    // where the next label has room
  context.textAlign = "center";
  for (const tick of scale.ticks) {
    rule(context, colors.line, x(tick), TOP, x(tick), foot);
    const half = context.measureText(scale.name(tick)).width / 2;
    if (x(tick) - half < free) continue;
    context.fillText(scale.name(tick), x(tick), foot + 12);
    free = x(tick) + half + 6;
  }
  const zero = log ? LABELS : x(0);
  rows.forEach(({ name, value, color }, i) => {
    const y = TOP + i * ROW;
    context.fillStyle = color;
    if (Number.isFinite(value) && value !== 0) context.fillRect(Math.min(zero, x(value)), y + 4, Math.max(2, Math.abs(x(value) - zero)), ROW - 8);
    ink(context, colors);
    context.textAlign = "right";
    context.fillText(name, LABELS - 8, y + ROW / 2, LABELS - 12);
    context.textAlign = "left";
    context.fillText(measure(value), Number.isFinite(value) ? Math.max(x(value), zero) + 6 : LABELS + 6, y + ROW / 2);
  });
  if (usual) {
    context.setLineDash([4, 4]);
    rule(context, colors.ink, x(usual), TOP - 4, x(usual), foot);
    context.setLineDash([]);
  }
  context.textAlign = "center";
  context.fillText(axis, LABELS + wide / 2, foot + 27);
}

/** One line for each layer: `past` is {steps, rows: [values of all layers at each step], here: a step to mark, or null}. */
export function lines(context, past, { width, height, colors, log, axis, hues, usual, logSteps }) {
  const scale = scaleOf([...past.rows.flat(), ...(usual ? [usual] : [])], log);
  const wide = width - LEFT - 14;
  const foot = height - BOTTOM;
  const [first, last] = [past.steps[0] ?? 0, Math.max(past.steps.at(-1) ?? 1, (past.steps[0] ?? 0) + 1)];
  const place = logSteps ? spot : (step) => step;
  const x = (step) => LEFT + ((place(step) - place(first)) / (place(last) - place(first))) * wide;
  const y = (value) => foot - scale.at(value) * (foot - TOP);
  levels(context, scale.ticks, { left: LEFT, right: LEFT + wide, y, name: scale.name, colors });
  hues.forEach((color, layer) => {
    context.strokeStyle = color;
    context.lineWidth = 1.8;
    context.beginPath();
    let open = false;
    past.rows.forEach((row, i) => {
      const value = row[layer];
      const known = Number.isFinite(value) && (!log || value > 0);
      if (known) context[open ? "lineTo" : "moveTo"](x(past.steps[i]), y(value));
      open = known;
    });
    context.stroke();
    const newest = past.rows.at(-1)?.[layer];
    if (!Number.isFinite(newest) || (log && newest <= 0)) return;
    context.fillStyle = color;
    context.beginPath();
    context.arc(x(past.steps.at(-1)), y(newest), 2.5, 0, 7);
    context.fill();
  });
  if (usual) {
    context.setLineDash([4, 4]);
    rule(context, colors.ink, LEFT, y(usual), LEFT + wide, y(usual));
    context.setLineDash([]);
  }
  if (past.here !== null) veil(context, colors, x(past.here), LEFT + wide, foot);
  ink(context, colors);
  if (logSteps) {
    context.textAlign = "center";
    for (const step of ticks(spot(first), spot(last))) context.fillText(brief(step), x(step), foot + 12);
  } else {
    context.textAlign = "left";
    context.fillText(whole(first), LEFT, foot + 12);
    context.textAlign = "right";
    context.fillText(whole(last), LEFT + wide, foot + 12);
  }
  context.textAlign = "center";
  context.fillText(`step${logSteps ? " (log)" : ""} →   ↑ ${axis}`, width / 2, foot + 27, width - 8);
}

/** What came after the step that is shown lies under a veil, as in the charts. */
function veil(context, colors, from, to, foot) {
  context.globalAlpha = 0.7;
  context.fillStyle = colors.surface;
  context.fillRect(from, TOP - 4, to + 4 - from, foot - TOP + 4);
  context.globalAlpha = 1;
  rule(context, colors.ink, from, TOP - 4, from, foot);
}
