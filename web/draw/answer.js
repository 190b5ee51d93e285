// The output column where there is no plane: what the network answers to the one example that is looked at.

import { inOwnUnits, sharesOf, wordsOf } from "../lib/named.js";
import { share as percent } from "../lib/format.js";

/** @import { Data, NumberArray, Scene } from "../wire/host.d.ts" */

const ROWS = 12;             // answers that are listed
const ROW = 22;
const WIDEST = 150;          // pixels of a line,
const TOLD = 84;             // and at least, for the share to be written
const LONGEST = 14;          // characters of a name

/** The lines of the answer: {text, share, unit, best}; a line with a unit stands for that neuron of the output layer.
 * @param {NumberArray} answer
 * @param {Scene} scene
 * @returns {any[]} */
export function answerLines(answer, scene) {
  const { task, data, probe } = scene;
  if (task === "regression") {
    return Array.from(answer, (value, unit) => ({ text: `${inOwnUnits(value, data)}`, note: data.target, unit, best: true }));
  }
  if (task === "masked_token") return guessed(wordsOf(answer, data), probe, data);
  if (task === "seq2seq") return [{ text: spelt(wordsOf(answer, data), data), unit: null, best: true }];
  const all = sharesOf(answer, { task, data, probe });
  const best = all.reduce((most, line) => Math.max(most, line.share), 0);
  const one = data.outputs === 1;                       // of two classes, one neuron says both
  const listed = all.length <= ROWS ? all : [...all].sort((a, b) => b.share - a.share).slice(0, ROWS / 2);
  const neuron = (index) => (one ? (index ? 0 : null) : all.length <= ROWS && answer.shape.length === 1 ? index : null);
  return listed.map(({ name, share, index }) => ({ text: name, share, index, best: share === best, unit: neuron(index) }));
}

/** What is guessed where a word is hidden. */
function guessed(words, { tokens }, /** @type {Data} */ { mask }) {
  return tokens.flatMap((token, place) => (token === mask ? [{ ...words[place], text: words[place].name, unit: null, best: true }] : [])).slice(0, ROWS);
}

/** The likeliest letters up to the end. */
function spelt(words, data) {
  const end = words.findIndex(({ name }) => name === data.end);
  return words.slice(0, end < 0 ? words.length : end).map(({ name }) => name).join("");
}

/** Where the lines stand: neurons of a column, as layout.js makes them, so that weights lead to them. */
export function answerColumn(name, lines, { centre, room, height }) {
  const top = Math.max(4, (height - lines.length * ROW) / 2);
  const wide = Math.min(room, WIDEST);
  const left = Math.round(centre - wide / 2);
  const neurons = lines.map((line, i) => ({ unit: line.unit ?? -1, x: left, y: Math.round(top + i * ROW) }));
  return { name, kind: "answer", lines, centre, size: ROW - 6, hidden: 0, left, right: left + wide,
    top, bottom: top + lines.length * ROW, neurons, wide };
}

export function drawAnswer(context, { lines, neurons, wide, size }, colors, task) {
  context.textBaseline = "middle";
  lines.forEach(({ text, note, share, best, index }, i) => {
    const { x, y } = neurons[i];
    const middle = y + size / 2;
    context.textAlign = "left";
    context.font = `${best ? "600 " : ""}12px system-ui, sans-serif`;
    context.fillStyle = best ? colors.ink : colors.quiet;
    const named = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
    const room = wide - (wide < TOLD ? 0 : 46);
    if (share === undefined) {
      context.fillText(named, x, middle, wide);
      context.font = "11.5px system-ui, sans-serif";
      context.fillStyle = colors.quiet;
      if (note) context.fillText(note, x, middle + 16, wide);
      return;
    }
    context.globalAlpha = 0.28;
    context.fillStyle = ["binary", "multiclass"].includes(task) ? colors.ofClass(index) : colors.positive;
    context.fillRect(x - 3, y - 1, Math.max(1, share * (wide + 3)), size + 2);
    context.globalAlpha = 1;
    context.fillStyle = best ? colors.ink : colors.quiet;
    context.fillText(named, x, middle, room);
    if (wide < TOLD) return;
    context.textAlign = "right";
    context.fillText(percent(share), x + wide, middle);
  });
}

/** The lines as text. */
export const inWords = (lines) => lines.map(({ text, share }) => (share === undefined ? text : `${text}: ${percent(share)}`)).join("; ");
