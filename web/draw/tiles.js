// Heatmaps side by side: the common form of matrices, kernels, maps, gates and attention.

import { raster } from "./raster.js";
import { precise } from "../lib/format.js";

const GAP = 10;
const TITLE = 15;
const AXIS = 16;
const WORDS = 64;            // room for the words along an axis
const MOST_TILES = 96;

/** Sizes of a set of heatmaps for a width: cells, tiles a row, and where everything stands. */
function plan({ rows, columns, tiles, perRow, least = 60, labels }, width) {
  const words = labels && labels.query.length >= rows && rows > 1 ? WORDS : labels ? 8 : 0;
  const room = width - AXIS;
  const across = Math.min(perRow ?? tiles.length, Math.max(1, Math.floor((room + GAP) / (least + words + GAP))), tiles.length);
  const wide = Math.min((room - GAP * (across - 1)) / across - words, 340, Math.max(least, columns * 26));
  const tall = Math.max(10, Math.min((wide / columns) * rows, 300, rows * 26));
  const below = labels ? WORDS : 0;
  return { across, wide, tall, words, below, pitchX: wide + words + GAP, pitchY: tall + TITLE + below + 4,
    count: Math.min(tiles.length, MOST_TILES) };
}

export function tilesHeight(parts, width) {
  const { across, pitchY, count } = plan(parts, width);
  return Math.ceil(Math.ceil(count / across) * pitchY + AXIS);
}

/** Draw the heatmaps; returns a function from a place to the sentence about what is there. */
export function tiles(context, parts, { width, height, colors }) {
  const { rows, columns, axes, labels } = parts;
  const at = plan(parts, width);
  const largest = parts.whole ?? parts.tiles.reduce((most, tile) => tile.values.reduce((m, v) => Math.max(m, Math.abs(v)), most), 1e-9);
  const picture = raster(columns, rows);
  context.font = "11.5px system-ui, sans-serif";
  const places = parts.tiles.slice(0, at.count).map((tile, i) => ({ tile,
    x: AXIS + at.words + (i % at.across) * at.pitchX, y: TITLE + Math.floor(i / at.across) * at.pitchY }));
  for (const { tile, x, y } of places) {
    const diverging = tile.diverging ?? parts.diverging;
    const factor = diverging ? 127 / largest : 255 / Math.max(largest, 1);
    const [table, middle] = diverging ? [colors.diverging, 128.5] : [colors.sequential, 0.5];
    for (let p = 0; p < picture.pixels.length; p++) picture.pixels[p] = table[(tile.values[p] * factor + middle) & 255];
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.drawn(), x, y, at.wide, at.tall);
    context.strokeStyle = colors.line;
    context.strokeRect(x - 0.5, y - 0.5, at.wide + 1, at.tall + 1);
    context.fillStyle = colors.quiet;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    if (tile.title) context.fillText(tile.title, x, y - 4, at.wide);
    if (labels) drawWords(context, labels, { x, y, rows, columns, ...at });
  }
  context.fillStyle = colors.quiet;
  context.textAlign = "left";
  context.fillText(`↓ ${axes[0] || ""}   → ${axes[1] || ""}${places.length < parts.tiles.length ? `   (${places.length} of ${parts.tiles.length} shown)` : ""}`,
    AXIS, height - 4);
  const sentence = (place) => describe(place, places, { parts, ...at });
  sentence.cell = (place) => cellAt(place, places, { parts, ...at });
  return sentence;
}

function drawWords(context, { query, key }, { x, y, wide, tall, rows, columns, words }) {
  const step = (size, count) => Math.max(1, Math.ceil(11 / (size / count)));
  if (words > 8) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let r = 0; r < rows; r += step(tall, rows)) context.fillText((query[r] ?? "").slice(0, 11), x - 4, y + ((r + 0.5) / rows) * tall);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let c = 0; c < columns; c += step(wide, columns)) {
    context.save();
    context.translate(x + ((c + 0.5) / columns) * wide, y + tall + 5);
    context.rotate(-Math.PI / 2);
    context.fillText((key[c] ?? "").slice(0, 10), 0, 0);
    context.restore();
  }
}

/** {tile, row, column, name} of the cell at a place, or null. */
function cellAt(place, places, { parts: { rows, columns, axes, labels }, wide, tall }) {
  const hit = places.find(({ x, y }) => place.x >= x && place.x < x + wide && place.y >= y && place.y < y + tall);
  if (!hit) return null;
  const { tile } = hit;
  const row = Math.floor(((place.y - hit.y) / tall) * rows);
  const column = Math.floor(((place.x - hit.x) / wide) * columns);
  const named = (words, i, axis) => (words?.[i] ? `“${words[i]}”` : `${axis} ${i + 1}`);
  const where = `${named(labels?.query, row, axes[0] ?? "row")}, ${named(labels?.key, column, axes[1] ?? "column")}`;
  return { tile, row, column, name: [tile.about, where].filter(Boolean).join(" · ") };
}

function describe(place, places, plan) {
  const cell = cellAt(place, places, plan);
  return cell && `${cell.name} · ${precise(cell.tile.values[cell.row * plan.parts.columns + cell.column])}`;
}
