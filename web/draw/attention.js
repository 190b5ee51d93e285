// Attention: who looks where. All heads side by side on one scale, or one of them enlarged; axes are the words.

import { contextOf } from "../lib/dom.js";
import { precise, short } from "../lib/format.js";
import { raster } from "./raster.js";
import { clipped, colorBar, countAlong, every, hangingWords, roomFor } from "./scale.js";

const [GAP, TITLE, BAR, CAPTION] = [14, 20, 24, 20];
const LETTERS = 12;          // of a word beside the picture
const ROW = 12;              // pixels that a word needs across
const [LEAST, MOST] = [150, 320];           // pixels of one of several heads
const MANY = 100;            // rows up to which each keeps the room for its word where a head is enlarged
const LARGE = { wide: 900, tall: 640 };     // of one that is enlarged
const FONT = "11.5px system-ui, sans-serif";

/** Where everything stands. head: the one that is enlarged, or null; tokens: the words along the axes, if there are any;
 *  places: where in the text the rows and columns stand, if they are not all of it. */
export function attentionPlan(array, { width, tokens, head, places }) {
  const [count, rows, columns] = array.shape;
  const heads = head === null ? Array.from({ length: count }, (_, i) => i) : [head];
  const [queries, keys] = [labelled(tokens.query, rows), labelled(tokens.key, columns)];
  const left = rows === 1 ? 8 : roomFor(queries, LETTERS) + 12;
  const below = tokens.key.length ? roomFor(keys, LETTERS) + 8 : 18;
  const most = head === null ? MOST : LARGE.wide;
  const fitting = Math.max(1, Math.floor((width - left + GAP) / ((rows === 1 ? MOST : LEAST) + GAP)));
  const across = Math.ceil(heads.length / Math.ceil(heads.length / Math.min(fitting, heads.length)));
  const room = Math.min((width - left - GAP * (across - 1) - 2) / across, heads.length === 1 ? LARGE.wide : most);
  const cell = Math.min(room / columns, count === 1 ? 40 : heads.length === 1 ? 64 : 30, rows === 1 ? 60 : LARGE.tall / rows);
  const tallest = rows === 1 ? 26 : Math.max(cell, heads.length === 1 && rows <= MANY ? ROW : Math.min(14, 200 / rows));
  const [wide, tall] = [cell * columns, tallest * rows];
  const after = places ? (row) => places.key.findIndex((place) => place > places.query[row]) : (row) => (row + 1 < columns ? row + 1 : -1);
  const title = count > 1 ? TITLE : 4;
  const lines = Math.ceil(heads.length / across);
  return { array, heads, rows, columns, queries, keys, words: tokens.key.length > 0, left, across, cell, tallest, wide, tall, after,
    count, head, title, width, height: BAR + lines * (tall + title) + below + CAPTION };
}

const labelled = (words, count) => (words.length ? words.slice(0, count) : Array.from({ length: count }, (_, i) => String(i + 1)));

/** Draw it; returns a function from a place to the sentence about it, with `head(place)`, the head there, and `label`. */
export function attentionMaps(context, plan, { colors, view, off = [], of }) {
  const { array, heads, rows, columns } = plan;
  const each = rows * columns;
  const shown = heads.map((head) => ({ head, values: array.subarray(head * each, (head + 1) * each) }));
  const largest = shown.reduce((most, { values }) => values.reduce((high, value) => Math.max(high, value), most), 0);
  const unseen = (row, column) => view.causal && plan.after(row) >= 0 && column >= plan.after(row);
  context.font = FONT;
  legend(context, plan, { colors, largest, causal: view.causal && rows > 1 });
  const places = shown.map((one, i) => ({ ...one, x: plan.left + (i % plan.across) * (plan.wide + GAP),
    y: BAR + plan.title + Math.floor(i / plan.across) * (plan.tall + plan.title) }));
  places.forEach((place, i) => {
    heatmap(context, place, plan, largest, colors);
    if (view.causal && rows > 1) hatch(context, place, plan, colors);
    context.strokeStyle = colors.line;
    context.strokeRect(place.x - 0.5, place.y - 0.5, plan.wide + 1, plan.tall + 1);
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillStyle = colors.ink;
    if (plan.count > 1) context.fillText(`Head ${place.head + 1}${off.includes(place.head) ? ", off" : ""}`, place.x, place.y - 5, plan.wide);
    context.fillStyle = colors.quiet;
    if (rows > 1 && i % plan.across === 0) beside(context, place, plan);
    if (i + plan.across >= places.length) {
      const along = { x: (k) => place.x + (k + 0.5) * plan.cell, y: place.y + plan.tall + 5, pitch: plan.cell, letters: LETTERS };
      if (plan.words) hangingWords(context, plan.keys, along);
      else countAlong(context, columns, along);
    }
  });
  context.fillStyle = colors.quiet;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(caption(plan, of), plan.left, plan.height - 5, plan.width - plan.left);
  return reader(places, plan, unseen, largest);
}

function caption({ rows, heads, count }, of) {
  const click = heads.length > 1 ? "Click a head to enlarge it." : count > 1 ? "Click it for all heads." : "";
  const fewer = of > count ? `(${count} of ${of} heads: so long a text has too many numbers for all)` : "";
  return [rows > 1 ? "↓ asks" : "", "→ is looked at", click, fewer].filter(Boolean).join("   ");
}

function legend(context, plan, { colors, largest, causal }) {
  const x = plan.left + 14;
  colorBar(context, colors.sequential, { x, y: 4, length: 110, ends: [0, largest], upright: false, colors });
  if (!causal) return;
  const from = x + 176;
  hatched(context, colors, () => context.rect(from, 3, 18, 11));
  context.strokeRect(from - 0.5, 2.5, 19, 12);
  context.fillStyle = colors.quiet;
  context.textAlign = "left";
  context.fillText("may not look there", from + 25, 9);
}

function heatmap(context, { values, x, y }, { rows, columns, wide, tall }, largest, colors) {
  const picture = raster(columns, rows);
  const factor = 255 / (largest || 1);
  for (let p = 0; p < values.length; p++) picture.pixels[p] = colors.sequential[Math.round(values[p] * factor)];
  context.imageSmoothingEnabled = false;
  context.drawImage(picture.drawn(), x, y, wide, tall);
}

/** What comes after a place is not looked at: it is no zero, it is not allowed. */
function hatch(context, { x, y }, { rows, columns, cell, tallest, after }, colors) {
  hatched(context, colors, () => {
    for (let row = 0; row < rows; row++) {
      const first = after(row);
      if (first >= 0) context.rect(x + first * cell, y + row * tallest, (columns - first) * cell, tallest);
    }
  });
}

function hatched(context, colors, path) {
  context.save();
  context.beginPath();
  path();
  context.fillStyle = colors.surface;
  context.fill();
  context.fillStyle = stripes(context, colors.quiet);
  context.globalAlpha = 0.35;
  context.fill();
  context.restore();
}

const patterns = new Map();

function stripes(context, color) {
  if (!patterns.has(color)) {
    const tile = document.createElement("canvas");
    [tile.width, tile.height] = [6, 6];
    const pen = contextOf(tile);
    pen.strokeStyle = color;
    for (const shift of [-6, 0, 6]) {
      pen.moveTo(shift, 6);
      pen.lineTo(shift + 6, 0);
    }
    pen.stroke();
    patterns.set(color, context.createPattern(tile, "repeat"));
  }
  return patterns.get(color);
}

function beside(context, { x, y }, { queries, tallest }) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let row = 0; row < queries.length; row += every(tallest, ROW)) {
    context.fillText(clipped(queries[row], LETTERS), x - 5, y + (row + 0.5) * tallest);
  }
}

/** What is under a place, in words. */
function reader(places, plan, unseen, largest) {
  const { rows, columns, wide, tall, queries, keys, words } = plan;
  const at = (place) => places.find(({ x, y }) => place.x >= x && place.x < x + wide && place.y >= y - plan.title && place.y < y + tall);
  const named = (label) => (words ? `“${label}”` : `step ${label}`);
  const sentence = (place) => {
    const hit = at(place);
    const row = hit && Math.floor(((place.y - hit.y) / tall) * rows);
    if (!hit || row < 0) return null;
    const column = Math.floor(((place.x - hit.x) / wide) * columns);
    const who = [plan.count > 1 && `Head ${hit.head + 1}`, rows > 1 && named(queries[row])].filter(Boolean).join(" · ");
    return unseen(row, column) ? `${who} may not look at ${named(keys[column])}: it comes later`
      : `${who ? `${who} → ` : ""}${named(keys[column])} · ${precise(hit.values[row * columns + column])}`;
  };
  sentence.head = (place) => at(place)?.head ?? null;
  sentence.label = attentionLabel(plan, largest);
  return sentence;
}

/** What the picture shows, for those who can't see it. */
function attentionLabel({ heads, rows, columns, count, head }, largest) {
  const what = count === 1 ? "Attention" : head === null ? `Attention of ${heads.length} heads` : `Attention of head ${head + 1}`;
  return `${what}: ${rows} × ${columns} weights, the largest ${short(largest)}`;
}
