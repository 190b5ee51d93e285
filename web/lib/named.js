// Examples and answers in words and in their own units.

import { precise, whole } from "./format.js";

/** @import { Data, NumberArray, Probe, Scene } from "../wire/host.d.ts" */

/** The example that is looked at, with what is true of it.
 * @param {Probe} probe
 * @param {Data} data */
export function nameOf(probe, data) {
  if (probe.index < 0) return "your own example";
  const truth = probe.truth === null ? "" : `: ${data.classes[probe.truth] ?? inOwnUnits(probe.truth, data)}`;
  return `test example ${whole(probe.index + 1)} of ${whole(probe.count)}${truth}`;
}

/** A standardised target in the units of the data.
 * @param {number} value
 * @param {Pick<Data, "target_scale">} data */
export function inOwnUnits(value, { target_scale: [mean, deviation] }) {
  return precise(value * deviation + mean);
}

/** What the network says of the example, [{name, share, index}] in the order of the classes; of a text, behind its last
 *  word. None where it says a number.
 * @param {NumberArray} answer
 * @param {Pick<Scene, "task" | "data" | "probe">} scene
 * @returns {{name: string, share: number, index: number}[]} */
export function sharesOf(answer, { task, data, probe }) {
  if (task === "regression") return [];
  const row = answer.shape.length > 1 ? rowAt(answer, lastPlace(answer, probe, data)) : answer;
  const shares = task === "binary" ? [1 - row[0], row[0]] : Array.from(row);
  const names = data.classes.length ? data.classes : data.words ?? [];
  return shares.map((share, index) => ({ share, index, name: names[index] ?? `class ${index + 1}` }));
}

/** The place of an answer behind the last word of a text. */
function lastPlace(answer, probe, data) {
  const written = probe.tokens.findLastIndex((token) => token !== data.pad);
  return Math.max(0, Math.min(answer.shape[0] - 1, written));
}

/** The likeliest word at each place of an answer (T, words), with its share.
 * @param {NumberArray} answer
 * @param {Data} data
 * @returns {{name: string, share: number}[]} */
export function wordsOf(answer, data) {
  return Array.from({ length: answer.shape[0] }, (_, place) => {
    const row = rowAt(answer, place);
    const index = row.reduce((best, share, i) => (share > row[best] ? i : best), 0);
    return { name: data.words?.[index] ?? "", share: row[index] };
  });
}

function rowAt(answer, place) {
  const outputs = answer.shape[1];
  return answer.subarray(place * outputs, (place + 1) * outputs);
}
