// Tables of numbers, each cell as strongly coloured as its number is large: matrices, shares, slopes.

import { h } from "../lib/dom.js";
import { fixed, minus } from "../lib/format.js";
import { figure } from "./explorer.js";

/** A number of a matrix; what would read as zero, or is too wide for a cell, has a power of ten. */
const written = (v, digits) => (v !== 0 && Math.abs(v) < 0.5 * 10 ** -digits ? minus(v.toExponential(1))
  : Math.abs(v) >= 1e4 ? minus(v.toExponential(2)) : fixed(v, digits));

class Rows {
  constructor() {
    this.groups = h("div", { class: "ll-groups" });
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.element = h("div", {}, this.groups, this.facts);
  }

  /** groups: [{title, parts}], where a part is a sign such as "·" or {name, shape, columns, rows, values, digits, full}. */
  draw({ groups, facts }, { colors }) {
    this.groups.replaceChildren(...groups.map(({ title, parts }) => h("div", {}, h("h3", {}, title),
      h("div", { class: "ll-product" }, ...parts.map((part) => (typeof part === "string" ? h("span", { class: "ll-sign" }, part) : matrix(part, colors)))))));
    this.facts.replaceChildren(...facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
    this.facts.hidden = !facts.length;
  }
}

/** A matrix with its name and shape above it; `full` is the number that gets the full colour. */
function matrix({ name, shape, columns, rows, values, digits = 2, full }, colors) {
  const most = full ?? Math.max(1e-9, ...values.flat().map(Math.abs));
  const cell = (value) => {
    if (value === null) return h("td", {});
    const tone = value < 0 ? colors.negative : colors.positive;
    const share = Math.round(Math.min(1, Math.abs(value) / most) * 55);
    return h("td", { style: `background:color-mix(in srgb, ${tone} ${share}%, var(--surface))` }, written(value, digits));
  };
  const head = columns ? [h("tr", {}, rows ? h("th", {}) : null, ...columns.map((column) => h("th", {}, column)))] : [];
  return h("figure", { class: "ll-matrix" }, h("figcaption", {}, h("b", {}, name), shape ? ` ${shape}` : ""),
    h("table", {}, ...head, ...values.map((row, i) => h("tr", {}, rows ? h("th", {}, rows[i]) : null, ...row.map(cell)))));
}

export const mount = figure(Rows);
