// Rows over one time axis: series as lines and marks, states and gates as heatmaps, each step at the same place in all.

import { raster } from "./raster.js";
import { levels } from "../lib/axes.js";
import { short } from "../lib/format.js";
import { colorBar, countAlong, hangingWords, roomFor } from "./scale.js";

const [LEFT, RIGHT, TITLE, GAP] = [58, 66, 17, 10];
const TALL = { line: 116, marks: 26 };
const [TOP, NUMBERS, LETTERS] = [10, 34, 11];      // above the rows is room for the button that saves the picture
const FONT = "11.5px system-ui, sans-serif";

/** A row of a heatmap grows with its units, and stays legible with few and within bounds with many. */
const tallness = (row) => row.tall ?? TALL[row.kind] ?? Math.max(34, Math.min(row.units * 6, 84));

/** Where everything stands. rows: {kind, title, ...}, see `drawRow`; steps: how many there are, and how many lie ahead
 *  of them; words: what stands at each step, if not its number. */
export function plan(rows, { width, steps, ahead = 0, words = null }) {
  const wide = Math.max(60, width - LEFT - RIGHT);
  const pitch = wide / (steps + ahead);
  let y = TOP;
  const placed = rows.map((row) => {
    const place = { row, y: y + TITLE, tall: tallness(row) };
    y += TITLE + place.tall + GAP;
    return place;
  });
  const below = words ? roomFor(words, LETTERS) + 12 : NUMBERS;
  return { placed, pitch, wide, left: LEFT, steps, ahead, words, bottom: y - GAP, height: y - GAP + below,
    x: (step) => LEFT + (step + 0.5) * pitch };
}

/** Draw the rows; `at` is the {step, unit} to mark in all of them. */
export function overTime(context, plan, colors, at) {
  context.font = FONT;
  for (const place of plan.placed) {
    context.fillStyle = colors.ink;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(place.row.title + (place.row.note ?? ""), LEFT, place.y - 5, plan.wide);
    drawRow[place.row.kind](context, place, plan, colors);
  }
  timeAxis(context, plan, colors);
  if (at) mark(context, plan, colors, at);
}

/** {step, unit, place} under a point, or null beside the rows; unit and place are null between them. */
export function under(plan, { x, y }) {
  const step = Math.floor((x - LEFT) / plan.pitch);
  if (step < 0 || step >= plan.steps + plan.ahead || y > plan.bottom + 16) return null;
  const place = plan.placed.find((candidate) => y >= candidate.y && y < candidate.y + candidate.tall) ?? null;
  const unit = place?.row.kind === "heat" ? Math.floor(((y - place.y) / place.tall) * place.row.units) : null;
  return { step, unit, place };
}

/** The value at a height in a row with an axis. */
export function valueAt({ row, y, tall }, height) {
  const share = Math.max(0, Math.min(1, 1 - (height - y) / tall));
  return row.kind === "marks" ? row.levels[share > 0.5 ? 1 : 0] : row.axis.low + share * (row.axis.high - row.axis.low);
}

const drawRow = {
  /** {axis, values, color, beyond: [{name, values, color, hollow}]}: a line with its scale, and points ahead of it. */
  line(context, place, plan, colors) {
    const { row, y, tall } = place;
    const { low, high, ticks } = row.axis;
    const height = (value) => y + tall - ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * tall;
    levels(context, ticks, { left: LEFT, right: LEFT + plan.wide, y: height, name: (tick) => short(tick), colors });
    const points = Array.from(row.values, (value, step) => [plan.x(step), height(value)]);
    context.strokeStyle = row.color;
    context.lineWidth = 1.8;
    strokePath(context, points);
    if (plan.pitch > 7) points.forEach(([x, top]) => dot(context, x, top, 2.3, row.color));
    if (row.beyond) beyond(context, place, plan, colors, height, points.at(-1));
  },

  /** {values, levels: [low, high], color}: a bar at each step that has the higher of two values. */
  marks(context, { row, y, tall }, plan, colors) {
    context.fillStyle = colors.quiet;
    context.textAlign = "right";
    for (const [level, base] of [[1, y + 5], [0, y + tall - 4]]) {
      context.textBaseline = "middle";
      context.fillText(short(row.levels[level]), LEFT - 6, base);
    }
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    strokePath(context, [[LEFT, y + tall], [LEFT + plan.wide, y + tall]]);
    context.fillStyle = row.color;
    const bar = Math.max(2, Math.min(14, plan.pitch * 0.7));
    row.values.forEach((value, step) => {
      const high = value === row.levels[1];
      context.fillRect(plan.x(step) - bar / 2, high ? y : y + tall - 2, bar, high ? tall : 2);
    });
  },

  /** {units, steps, value(step, unit), range: [low, high], diverging, of}: a heatmap, units from top to bottom, and its scale. */
  heat(context, { row, y, tall }, plan, colors) {
    const { units, range: [low, high], diverging } = row;
    const picture = raster(plan.steps, units);
    const table = diverging ? colors.diverging : colors.sequential;
    for (let unit = 0; unit < units; unit++) {
      for (let step = 0; step < plan.steps; step++) {
        const share = Math.max(0, Math.min(1, (row.value(step, unit) - low) / (high - low)));
        picture.pixels[unit * plan.steps + step] = table[Math.round(diverging ? 1 + 254 * share : 255 * share)];
      }
    }
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.drawn(), LEFT, y, plan.pitch * plan.steps, tall);
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.strokeRect(LEFT - 0.5, y - 0.5, plan.pitch * plan.steps + 1, tall + 1);
    context.fillStyle = colors.quiet;
    context.textAlign = "right";
    context.textBaseline = units > 1 ? "top" : "middle";
    if (row.of) context.fillText(`${row.of} 1`, LEFT - 6, units > 1 ? y : y + tall / 2);
    context.textBaseline = "bottom";
    if (units > 1) context.fillText(String(units), LEFT - 6, y + tall + 1);
    colorBar(context, table, { x: LEFT + plan.wide + 10, y, length: tall, ends: row.range, upright: true, colors });
  },
};

/** What follows the last step: the way there and a point for each value, named beside the last one. */
function beyond(context, { row, y, tall }, plan, colors, height, last) {
  const edge = plan.x(plan.steps - 0.5);
  context.setLineDash([3, 3]);
  context.strokeStyle = colors.quiet;
  strokePath(context, [[edge, y - 2], [edge, y + tall]]);
  const named = [];
  for (const { name, values, color, hollow } of row.beyond) {
    const points = Array.from(values, (value, i) => [plan.x(plan.steps + i), height(value)]);
    context.setLineDash([2, 3]);
    context.strokeStyle = color;
    strokePath(context, [last, ...points]);
    context.setLineDash([]);
    for (const [x, top] of points) dot(context, x, top, hollow ? 5 : 3.4, color, hollow && colors.surface);
    if (points.length) named.push({ name, color, top: points[points.length - 1][1] });
  }
  const [upper, lower] = named.sort((one, other) => one.top - other.top);
  if (lower && lower.top - upper.top < 14) [upper.top, lower.top] = [(upper.top + lower.top) / 2 - 7, (upper.top + lower.top) / 2 + 7];
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { name, color, top } of named) {
    context.fillStyle = color;
    context.fillText(name, LEFT + plan.wide + 9, top);
  }
}

function timeAxis(context, plan, colors) {
  const y = plan.bottom + 5;
  context.fillStyle = colors.quiet;
  if (plan.words) {
    hangingWords(context, plan.words.slice(0, plan.steps), { x: plan.x, y, pitch: plan.pitch, letters: LETTERS });
    return;
  }
  countAlong(context, plan.steps + plan.ahead, { x: plan.x, y, pitch: plan.pitch });
  context.fillText("step", LEFT + plan.wide / 2, y + 15);
}

/** A line through all rows at a step, and a frame around the unit in each heatmap. */
function mark(context, plan, colors, { step, unit }) {
  const x = plan.x(step);
  for (const { row, y, tall } of plan.placed) {
    if (row.kind !== "heat" || step >= plan.steps || unit >= row.units) continue;
    for (const [color, width] of [[colors.surface, 3], [colors.ink, 1.2]]) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.strokeRect(x - plan.pitch / 2 - 0.5, y + (unit / row.units) * tall - 0.5, plan.pitch + 1, tall / row.units + 1);
    }
  }
  context.strokeStyle = colors.ink;
  context.lineWidth = 1;
  context.globalAlpha = 0.55;
  strokePath(context, [[x, plan.placed[0].y - 2], [x, plan.bottom + 2]]);
  context.globalAlpha = 1;
}

function strokePath(context, points) {
  context.beginPath();
  points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x, y));
  context.stroke();
}

function dot(context, x, y, radius, color, inside = color) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fillStyle = inside || color;
  context.fill();
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  context.stroke();
}
