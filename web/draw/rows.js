// What a layer shows over time, as rows for a picture of the common time axis (overtime.js).

import { sharesOf } from "../lib/named.js";
import { precise, share as percent } from "../lib/format.js";
import { axis, steady } from "./scale.js";

/** @import { NumberArray, View } from "../wire/host.d.ts" */

const REACH = 1;             // spans of the series and its truth that a forecast may stretch the scale by

/** Each feature of a series as a row: a line, or marks where it has only two values; behind the first, how it goes on.
 *  held: the rows whose scales stay as they are, while a hand moves the values. */
export function featureRows(arrays, { features, continues }, colors, held) {
  const { series } = arrays;
  const [steps, count] = series.shape;
  const forecast = continues ? arrays["series.forecast"] : null;
  return Array.from({ length: count }, (_, feature) => {
    const values = Float32Array.from({ length: steps }, (_, step) => series[step * count + feature]);
    const name = features[feature] ?? `feature ${feature + 1}`;
    const row = { title: capital(name), feature, values, color: colors.ink };
    const levels = [...new Set(values)].sort((a, b) => a - b);
    if (held?.[feature].kind === "marks" || (!held && levels.length <= 2 && steps > 2)) {
      return { ...row, kind: "marks", levels: held?.[feature].levels ?? [Math.min(levels[0], 0), levels.length > 1 ? levels[1] : Math.max(levels[0], 1)] };
    }
    const beyond = forecast && feature === 0 ? [
      { name: "Truth", values: arrays["series.truth"], color: colors.ofClass(2), hollow: true },
      { name: "Forecast", values: forecast, color: colors.positive }] : null;
    return { ...row, kind: "line", beyond, axis: held?.[feature].axis ?? axisOf(values, beyond) };
  });
}

/** A scale that holds a series and how it went on, and the forecast unless that is far away. */
function axisOf(values, beyond) {
  const known = [...values, ...(beyond?.[0].values ?? [])].filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const reach = (high - low) * REACH;
  const expected = Array.from(beyond?.[1].values ?? []).filter(Number.isFinite).map((value) => Math.max(low - reach, Math.min(high + reach, value)));
  return axis(Math.min(low, ...expected), Math.max(high, ...expected));
}

/** A view of kind "gates", (steps, gates, units), as one heatmap for each gate; what is no gate has a sign.
 *  all: how many units there are, if not all were sent.
 * @param {NumberArray} array
 * @param {View} view
 * @param {number} [all]
 * @returns {Record<string, any>[]} */
export function gateRows(array, view, all = array.shape[2]) {
  const [, gates, units] = array.shape;
  const note = all > units ? ` (the first ${units} of ${all} units)` : "";
  return view.gates.map(({ name, signed: diverging }, gate) => {
    const value = (step, unit) => array[(step * gates + gate) * units + unit];
    const most = diverging ? steady(largest(array, gate, gates, units)) : 1;
    return { kind: "heat", title: diverging ? capital(name) : `${capital(name)} gate`, note, units, steps: array.shape[0], value, diverging, range: [diverging ? -most : 0, most], of: "unit" };
  });
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function largest(array, gate, gates, units) {
  let most = 0;
  for (let from = gate * units; from < array.length; from += gates * units) {
    for (let i = from; i < from + units; i++) most = Math.max(most, Math.abs(array[i]));
  }
  return most;
}

/** One value a step as a line that begins at zero.
 * @param {Float32Array} values
 * @param {string} title
 * @param {string} color
 * @returns {Record<string, any>} */
export function curveRow(values, title, color) {
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  return { kind: "line", title, values, color, axis: axis(0, most || 1), tall: 66 };
}

/** The attention (heads, 1, steps) of one question, a row for each head, on a scale up to its largest weight.
 * @param {NumberArray} array
 * @returns {Record<string, any>} */
export function lookingRow(array) {
  const [units, , steps] = array.shape;
  const most = array.reduce((high, value) => Math.max(high, value), 0);
  return { kind: "heat", title: "Where it looks", units, steps, value: (step, head) => array[head * steps + step], range: [0, most || 1],
    diverging: false, of: units > 1 ? "head" : "", tall: Math.max(26, units * 12) };
}

// -- the answer in a sentence ------------------------------------------------------------------------------------------

/** What the network says of the series, as words and numbers ({name, text}). */
export function answerOf(arrays, { data, task, probe }) {
  const forecast = arrays["series.forecast"];
  if (forecast) return expected(forecast, arrays["series.truth"], data);
  const { answer } = arrays;
  if (!answer || !["binary", "multiclass"].includes(task)) return [];
  const shares = sharesOf(answer, { task, data, probe });
  const first = [...shares].sort((one, other) => other.share - one.share).slice(0, 3);
  const said = first.flatMap(({ name, share }, k) => [k ? ", then " : "It says ", { name, text: name }, ` (${percent(share)})`]);
  return [...said, ".", ...(probe.truth === null ? [] : [" In truth: ", { name: "truth", text: shares[probe.truth].name }, "."])];
}

function expected(forecast, truth, { target, continues }) {
  const error = truth.length ? forecast.reduce((sum, value, i) => sum + Math.abs(value - truth[i]), 0) / forecast.length : null;
  const off = error === null ? [] : ["off by ", { name: "off", text: precise(error) }];
  if (forecast.length > 1) {
    return [`It expects ${forecast.length} values more`, ...(off.length ? [": on average it is ", ...off] : []), "."];
  }
  const said = [continues ? "Next it expects " : `${capital(target)}: it says `, { name: "forecast", text: precise(forecast[0]) }];
  const known = [continues ? "; in truth there follows " : "; in truth it is ", { name: "truth", text: precise(truth[0] ?? 0) }, ", so it is ", ...off];
  return [...said, ...(off.length ? known : []), "."];
}
