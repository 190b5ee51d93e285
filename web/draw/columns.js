// What the columns of the diagram show, in words, of how many examples their pictures are; and the marks between and on them.

import { spans } from "./layout.js";

/** @import { Scene } from "../wire/host.d.ts" */

/** What stands below a column; "" where it shows nothing. */
export function shownBy({ kind, shape }, { data }) {
  if (kind === "neurons") return data.domain ? "" : shape[1] === 1 ? "one example" : `${shape[1]} test examples`;
  return { maps: "this example", steps: "this example", tokens: "this example", answer: "its answer" }[kind] ?? "";
}

/** The sentence under the diagram, about the kinds of column that are there.
 * @param {any[]} columns
 * @param {Scene} scene
 * @param {string} edgesShow */
export function captionOf(columns, { data, task }, edgesShow) {
  const lines = `Lines are ${edgesShow === "weights" ? "weights" : "the gradients of the weights"}: blue positive, orange negative, thicker is stronger.`;
  if (data.domain) return `Each picture is one neuron's answer over the whole input plane, on a scale of its own. ${lines} Point at one to look closer, click to change.`;
  const kinds = new Set(columns.map(({ kind }) => kind));
  const many = columns.find(({ kind }) => kind === "neurons");
  return [
    kinds.has("maps") || kinds.has("steps") ? "Pictures and stripes are what a layer makes of the example that is looked at, channel by channel: blue positive, orange negative." : "",
    many ? `A square is one neuron's answers to ${many.shape[1]} test examples, sorted by what is true of them. ${lines}` : "",
    kinds.has("answer") ? answered(task) : "",
  ].filter(Boolean).join(" ");
}

const answered = (task) => (task === "seq2seq"
  ? "Each character of the output is the likeliest one after the true ones before it; Translate writes without that help."
  : "The output answers the example that is looked at: choose another one, or give your own, under Example.");

/** Below the columns, a bracket over those that show the same. */
export function drawSpans(context, { texts, boxes, height, colors }) {
  Object.assign(context, { fillStyle: colors.quiet, strokeStyle: colors.line, font: "12px system-ui, sans-serif", textAlign: "center", textBaseline: "middle" });
  for (const { first, last, text } of spans(texts)) {
    const half = (box) => Math.min(box.room, 120) / 2;
    const [left, right, y] = [boxes[first].centre - half(boxes[first]), boxes[last].centre + half(boxes[last]), height - 20.5];
    context.beginPath();
    context.moveTo(left, y - 4);
    context.lineTo(left, y);
    context.lineTo(right, y);
    context.lineTo(right, y - 4);
    context.stroke();
    context.fillText(text, (left + right) / 2, height - 8, Math.max(right - left, 30));
  }
}

/** Between pictures there are no single weights to draw: a quiet band says that one comes from the other. */
export function drawBand(context, left, right, colors) {
  context.fillStyle = colors.line;
  context.globalAlpha = 0.45;
  context.beginPath();
  context.moveTo(left.right, left.top);
  context.lineTo(right.left, right.top);
  context.lineTo(right.left, right.bottom);
  context.lineTo(left.right, left.bottom);
  context.fill();
  context.globalAlpha = 1;
}

/** What is switched off is crossed out. */
export function crossOut(context, x, y, size, colors) {
  context.strokeStyle = colors.ink;
  context.lineWidth = Math.max(1, size / 22);
  context.beginPath();
  context.moveTo(x + 2, y + 2);
  context.lineTo(x + size - 2, y + size - 2);
  context.moveTo(x + size - 2, y + 2);
  context.lineTo(x + 2, y + size - 2);
  context.stroke();
  context.lineWidth = 1;
}
