// Rows of numbers over the steps of time, some of them to be clicked.

import { h } from "../lib/dom.js";
import { fixed, minus } from "../lib/format.js";
import { figure } from "./explorer.js";

const tiny = (v) => {
  const size = Math.abs(v);
  return size !== 0 && size < 0.005 ? minus(v.toExponential(0)) : size >= 100 ? minus(v.toExponential(1)) : fixed(v);
};

class Steps {
  /** @type {string} */ shape;
  /** @type {HTMLElement[][]} */ cells;

  constructor(explorer) {
    this.explorer = explorer;
    this.table = h("table", { class: "ll-in-time" });
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.element = h("div", {}, h("div", { class: "ll-scroll" }, this.table), this.facts);
  }

  draw({ rows, facts }, { colors }) {
    const shape = rows.map((row) => `${row.name}${row.values.length}`).join();
    if (shape !== this.shape) this.build(rows);
    this.shape = shape;
    rows.forEach((row, r) => row.values.forEach((given, t) => {
      const value = row.editable ? this.explorer.values[row.name][t] : given;
      const cell = this.cells[r][t];
      cell.textContent = row.editable ? String(value) : row.tiny ? tiny(value) : fixed(value).replace(/^−0.00$/, "0.00");
      const strength = Math.min(1, Math.abs(value)) * 100;
      const tone = row.editable ? "var(--ink)" : value < 0 ? colors.negative : colors.positive;
      cell.style.background = `color-mix(in srgb, ${tone} ${Math.round(strength * (row.editable ? 0.22 : 0.55))}%, var(--surface))`;
      if (row.editable) cell.setAttribute("aria-label", `${row.label}, step ${t + 1}: ${value}`);
    }));
    this.facts.replaceChildren(...facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
  }

  build(rows) {
    const head = h("tr", {}, h("th", {}, "step"), ...rows[0].values.map((_, t) => h("th", {}, `${t + 1}`)));
    this.cells = rows.map((row) => row.values.map((_, t) => (row.editable
      ? h("button", { type: "button", onclick: () => this.turn(row.name, t) }) : h("span", {}))));
    this.table.replaceChildren(head, ...rows.map((row, r) => h("tr", {}, h("th", {}, row.label),
      ...this.cells[r].map((cell) => h("td", {}, cell)))));
  }

  /** A gate goes from open to half open to shut, and round again. */
  turn(name, t) {
    const values = [...this.explorer.values[name]];
    values[t] = values[t] > 0.75 ? 0.5 : values[t] > 0.25 ? 0 : 1;
    this.explorer.set({ [name]: values });
    this.explorer.draw();
  }
}

export const mount = figure(Steps);
