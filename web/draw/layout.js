// Geometry of the diagram: where neurons stand, and which weights are drawn between them.

/** @import { NumberArray } from "../wire/host.d.ts" */

const TOP = 14;
const BOTTOM = 22;

const LEAST = 13;            // pixels from one neuron to the next; where more stand below each other, a second file starts
const MOST = 78;

/** @typedef {{x1: number, y1: number, x2: number, y2: number, weight: number | null, from: number, to: number}} Edge */

/** One column: {name, size, hidden, neurons: [{unit, x, y}], and its bounds}. Many neurons stand in several files side
 * by side, the pixels of a picture ({image: [rows, columns]}) as in the picture. Of a series there is one wide stripe. */
export function column(name, count, { centre, width, height, image }, kind) {
  if (kind === "steps") return stripe(name, { centre, width, height });
  const room = height - TOP - BOTTOM;
  const files = image ? image[1] : kind === "maps" ? bestFiles(count, room, width) : Math.ceil(count / Math.floor(room / LEAST));
  const perFile = Math.max(1, image ? image[0] : Math.ceil(count / files));
  const pitch = Math.max(5, Math.min(image ? 22 : MOST, room / perFile, files > 1 ? width / files : MOST));
  const rows = Math.min(perFile, Math.floor(room / pitch));
  const shown = Math.min(count, rows * Math.min(files, Math.max(1, Math.floor(width / pitch))));
  const size = Math.max(4, Math.min(54, Math.floor(width), Math.floor(pitch - Math.max(1, Math.min(20, pitch * 0.26)))));
  const top = TOP + (room - pitch * Math.min(rows, shown)) / 2 + (pitch - size) / 2;
  const left = centre - (pitch * Math.ceil(shown / rows)) / 2 + (pitch - size) / 2;
  const neurons = Array.from({ length: shown }, (_, unit) => {
    const [file, row] = image ? [unit % image[1], Math.floor(unit / image[1])] : [Math.floor(unit / rows), unit % rows];
    return { unit, x: Math.round(left + file * pitch), y: Math.round(top + row * pitch) };
  });
  return { name, centre, size, hidden: count - shown, neurons, ...bounds(neurons, size, size, centre, height) };
}

/** In how many files pictures stand so that each is as large as it can be. */
function bestFiles(count, room, width) {
  const pitch = (files) => Math.min(MOST, width / files, room / Math.ceil(count / files));
  return [1, 2, 3, 4, 5, 6].reduce((best, files) => (pitch(files) > pitch(best) + 0.5 ? files : best), 1);
}

function stripe(name, { centre, width, height }) {
  const [size, tall] = [Math.min(width, 180), Math.min(height - TOP - BOTTOM, 260)];
  const neurons = [{ unit: 0, x: Math.round(centre - size / 2), y: Math.round((height - tall) / 2) }];
  return { name, centre, size, tall, hidden: 0, neurons, ...bounds(neurons, size, tall, centre, height) };
}

function bounds(neurons, wide, tall, centre, height) {
  if (!neurons.length) return { left: centre - 30, right: centre + 30, top: height / 2 - 30, bottom: height / 2 + 30 };
  const [xs, ys] = [neurons.map((n) => n.x), neurons.map((n) => n.y)];
  return { left: Math.min(...xs), right: Math.max(...xs) + wide, top: Math.min(...ys), bottom: Math.max(...ys) + tall };
}

/** Neighbours of which the same is said, as {first, last, text}: what has no text belongs to none.
 * @param {string[]} texts
 * @returns {{first: number, last: number, text: string}[]} */
export function spans(texts) {
  const found = [];
  texts.forEach((text, i) => {
    const before = found.at(-1);
    if (before?.text === text && before.last === i - 1) before.last = i;
    else if (text) found.push({ first: i, last: i, text });
  });
  return found;
}

/** Edges between two columns: {x1, y1, x2, y2, weight, from, to}. Without weights, each neuron leads to its like.
 * @param {any} left
 * @param {any} right
 * @param {NumberArray | undefined} weights
 * @param {number} most
 * @returns {Edge[]} */
export function edgesBetween(left, right, weights, most) {
  const place = (a, b, weight) => ({
    x1: a.x + left.size, y1: a.y + left.size / 2, x2: b.x, y2: b.y + right.size / 2, weight, from: a.unit, to: b.unit,
  });
  if (!weights) {
    return left.neurons.length === right.neurons.length
      ? left.neurons.map((a, i) => place(a, right.neurons[i], null)) : [];
  }
  const outputs = weights.shape[1];
  let least = -1;
  if (left.neurons.length * right.neurons.length > most) {
    const sizes = Float32Array.from(weights, Math.abs).sort();
    least = sizes[Math.max(0, sizes.length - most)];
  }
  const edges = [];
  for (const a of left.neurons) {
    for (const b of right.neurons) {
      const weight = weights[a.unit * outputs + b.unit];
      if (Math.abs(weight) >= least) edges.push(place(a, b, weight));
    }
  }
  return edges;
}

/** Add an edge to a path as a curve that leaves and arrives level.
 * @param {Path2D} path
 * @param {Edge} edge */
export function tracePath(path, { x1, y1, x2, y2 }) {
  const bend = (x2 - x1) / 2;
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

/** The edge that passes nearest to a place, within `reach` pixels, or null.
 * @param {Edge[]} edges
 * @param {{x: number, y: number}} place
 * @param {number} reach
 * @returns {Edge | null} */
export function nearestEdge(edges, { x, y }, reach) {
  let best = null;
  let closest = reach;
  for (const edge of edges) {
    if (x < edge.x1 || x > edge.x2 || edge.weight === null) continue;
    const t = solve((x - edge.x1) / (edge.x2 - edge.x1));
    const distance = Math.abs(edge.y1 + (edge.y2 - edge.y1) * t * t * (3 - 2 * t) - y);
    if (distance < closest) [best, closest] = [edge, distance];
  }
  return best;
}

/** The curve's parameter where its x has come this share of the way: 1.5t(1-t) + t³ = share for these handles. */
function solve(share) {
  let t = share;
  for (let i = 0; i < 4; i++) {
    const value = 1.5 * t * (1 - t) + t * t * t - share;
    const slope = 1.5 - 3 * t + 3 * t * t;
    t -= value / slope;
  }
  return Math.max(0, Math.min(1, t));
}
