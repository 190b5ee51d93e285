// How each kind of view is drawn. A kind says how tall it is, draws itself, and tells what is under the pointer.

import { attentionMaps, attentionPlan } from "./attention.js";
import { axesChart } from "./chart.js";
import { overTime, plan as planOf, under } from "./overtime.js";
import { pointsMap } from "./points.js";
import { gateRows } from "./rows.js";
import { tiles, tilesHeight } from "./tiles.js";
import { precise } from "../lib/format.js";

const slice = (array, start, length) => array.subarray(start, start + length);
const name = (axis, i) => `${axis} ${i + 1}`;

/** Sets of heatmaps: every kind that is made of matrices is one of these. */
function matrixKind(look, split) {
  const parts = (array, about) => ({ diverging: true, ...split(array, about) });
  return { look, height: (array, about) => tilesHeight(parts(array, about), about.width),
    draw: (context, array, about) => tiles(context, parts(array, about), about) };
}

export const kinds = {
  matrix: matrixKind("Blue is positive, orange negative; hover for the number.", (array, { view }) => ({
    rows: array.shape[0], columns: array.shape[1], axes: view.axes, tiles: [{ title: "", values: array, index: (row, column) => [row, column] }] })),

  kernels: matrixKind("One small picture for each filter and input channel: what the filter looks for.", (array, { view }) => {
    const [k, , channels, filters] = array.shape;
    const shown = Math.min(channels, 4);
    const list = [];
    for (let c = 0; c < shown; c++) {
      for (let f = 0; f < filters; f++) {
        const values = new Float32Array(k * k);
        for (let p = 0; p < k * k; p++) values[p] = array[(p * channels + c) * filters + f];
        list.push({ title: c ? "" : `${f + 1}`, about: `filter ${f + 1}, input channel ${c + 1}`, values, unit: f,
          index: (row, column) => [row, column, c, f] });
      }
    }
    return { rows: k, columns: k, axes: view.axes, tiles: list, perRow: filters, least: 30 };
  }),

  maps: matrixKind("One picture for each channel: where it finds what it looks for in this example.", (array, { view }) => {
    const [channels, rows, columns] = array.shape;
    return { rows, columns, axes: view.axes.slice(1, 3), least: 58, tiles: Array.from({ length: channels }, (_, c) => ({
      title: `${c + 1}`, about: name("channel", c), unit: c, values: slice(array, c * rows * columns, rows * columns) })) };
  }),

  attention: { look: "Each row is a place that asks, each column a place that is looked at; every row adds up to one.",
    height: (array, about) => attentionPlan(array, about).height,
    draw: (context, array, about) => attentionMaps(context, attentionPlan(array, about), about) },

  gates: { look: "Time runs to the right, units from top to bottom. A gate near one is open, near zero shut.",
    height: (array, about) => overTimePlan(array, about).height,
    draw(context, array, about) {
      const plan = overTimePlan(array, about);
      const at = about.pointer && under(plan, about.pointer);
      overTime(context, plan, about.colors, at && { step: at.step, unit: at.unit ?? 0 });
      return (place) => sentenceOf(plan, under(plan, place));
    } },

  tokens: matrixKind("One value for each token.", (array, { tokens }) => ({
    rows: 1, columns: array.length, axes: ["", "token"], labels: { query: [""], key: tokens.query },
    tiles: [{ title: "", values: array }] })),

  points: { look: "Each dot is a token, the words of the example in blue. Point at one to see its nearest neighbours.",
    height: (_, { width }) => Math.min(width, 460), draw: pointsMap },

  curve: { look: "One value for each step.", height: () => 180,
    draw: (context, array, about) => axesChart(context, array, { ...about, style: "line" }) },

  bars: { look: "One bar for each feature.", height: () => 180,
    draw: (context, array, about) => axesChart(context, array, { ...about, style: "bars" }) },

  distribution: { look: "How often each value occurs.", height: () => 180,
    draw: (context, array, about) => axesChart(context, array, { ...about, style: "histogram" }) },
};

function overTimePlan(array, { view, tokens, width, of }) {
  return planOf(gateRows(array, view, of), { width, steps: array.shape[0], words: tokens.query.length ? tokens.query : null });
}

/** Of a place in heatmaps over time: the step, the unit, and its number in each of them. */
function sentenceOf({ placed, words }, at) {
  if (!at || at.unit === null) return null;
  const step = words?.[at.step] ? `“${words[at.step]}”` : `step ${at.step + 1}`;
  return [`${step}, unit ${at.unit + 1}`, ...placed.map(({ row }) => `${row.title} ${precise(row.value(at.step, at.unit))}`)].join(" · ");
}
