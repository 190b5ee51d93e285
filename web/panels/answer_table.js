// From logits to the answer and its loss, as a table: the exponentials, their sum and the shares.

import { h } from "../lib/dom.js";
import { tex } from "../lib/tex.js";
import { digits, share as percent } from "../lib/format.js";

/** The elements that show what `live/instruments/answer_numbers.py` describes. */
export function answerTable(header) {
  return [...WAYS[header.how](header), ...lossOf(header)];
}

function table(head, rows) {
  return h("div", { class: "ll-wide" }, h("table", { class: "ll-table" }, h("tr", {}, ...head.map((cell) => h("th", {}, cell))),
    ...rows.map(({ cells, kind }) => h("tr", { class: kind ?? false }, ...cells.map((cell) => h("td", {}, cell))))));
}

const WAYS = {
  softmax({ rows, rest, sum, top, place }) {
    const cells = rows.map((row) => ({ kind: row.truth ? "ll-true" : null,
      cells: [row.truth ? `${row.name} (true)` : row.name, digits(row.logit), digits(row.exp), percent(row.p), bar(row.p)] }));
    if (rest.count) cells.push({ cells: [`${rest.count} others`, "", digits(rest.exp), percent(rest.p), bar(rest.p)] });
    cells.push({ kind: "ll-total", cells: ["sum", "", h("span", { "data-number": "sum" }, digits(sum)), percent(1), ""] });
    const where = place === null ? "" : ` For place ${place + 1}, the last one that counts.`;
    return [h("h4", {}, `Softmax: from logits to shares.${where}`),
      table(["class", "logit z", `e^(z − ${digits(top, 4)})`, "share", ""], cells),
      h("p", { class: "ll-first" }, "The largest logit is subtracted first: the shares stay the same, and no exponential grows too large.")];
  },

  sigmoid({ logit, exp, p, names, truth }) {
    const row = (name, share, i) => ({ kind: truth === i ? "ll-true" : null, cells: [truth === i ? `${name} (true)` : name, percent(share), bar(share)] });
    return [h("h4", {}, "Sigmoid: from one logit to two shares"),
      h("p", { class: "ll-sum" }, "p = 1 / (1 + e", h("sup", {}, "−z"), ") = 1 / (1 + e", h("sup", {}, digits(-logit)), `) = 1 / (1 + ${digits(exp)}) = `, h("b", { "data-number": "p" }, digits(p))),
      table(["class", "share", ""], [row(names[1], p, 1), row(names[0], 1 - p, 0)])];
  },

  number({ rows, mean, std }) {
    const scaled = mean !== 0 || std !== 1;
    return [h("h4", {}, "The answer is a number"),
      ...(scaled ? [h("p", { class: "ll-first" }, `The network works in standard units: answer · ${digits(std)} + ${digits(mean)} brings it back to its own.`)] : []),
      table(["", "network says", ...(scaled ? ["in its own units"] : []), "true", "difference"], rows.map((row) => ({ cells: [row.name,
        digits(row.value), ...(scaled ? [digits(row.own)] : []), digits(row.truth_own),
        row.truth_own === null ? "–" : digits(row.own - row.truth_own)] })))];
  },
};

function lossOf({ loss, own_loss: own, how, loss_label: label, loss_formula: formula, p, truth, rows, place }) {
  if (loss === null) return [h("p", { class: "ll-first" }, "Nobody has said what is true of this example, so it has no loss.")];
  const share = how === "sigmoid" ? (truth ? p : 1 - p) : how === "softmax" ? rows.find((row) => row.truth).p : null;
  const value = h("b", { "data-number": "loss" }, digits(loss));
  const steps = share === null ? [value] : place === null || place === undefined ? [`−ln ${digits(share)} = `, value]
    : [`−ln ${digits(share)} = ${digits(own)} at this place; the mean over all places is `, value];
  return [h("p", { class: "ll-sum" }, h("span", { class: "ll-part" }, label), tex(formula), " = ", ...steps)];
}

function bar(share) {
  return h("i", { class: "ll-bar-cell", style: `width:${Math.round(share * 90)}px` });
}
