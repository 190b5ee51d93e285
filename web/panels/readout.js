// The numbers of every row of a picture over time, at the step and unit that are marked.

import { h } from "../lib/dom.js";
import { precise } from "../lib/format.js";

export class Readout {
  /** @type {HTMLElement[]} */ cells = [];
  /** @type {string} */ names;

  constructor() {
    this.element = h("dl", { class: "ll-numbers ll-readout", "aria-label": "Numbers at the marked step" });
  }

  show({ step, unit }, { placed, steps }) {
    const numbers = [["Step", `${step + 1} of ${steps}${step >= steps ? `, ${step + 1 - steps} ahead` : ""}`]];
    const marked = placed.flatMap(({ row }) => read(row, step, unit, steps));
    const units = Math.max(0, ...placed.map(({ row }) => (row.kind === "heat" && row.of === "unit" ? row.units : 0)));
    if (units) numbers.push(["Unit", `${Math.min(unit, units - 1) + 1} of ${units}`]);
    this.write([...numbers, ...marked]);
  }

  write(numbers) {
    const names = numbers.map(([name]) => name).join("\n");
    if (names !== this.names) {
      this.names = names;
      this.cells = numbers.map(([name]) => h("dd", { "data-number": name }));
      this.element.replaceChildren(...numbers.map(([name], i) => h("div", {}, h("dt", {}, name), this.cells[i])));
    }
    numbers.forEach(([, text], i) => { if (this.cells[i].textContent !== text) this.cells[i].textContent = text; });
  }
}

/** [name, number] of a row at a step, those that lie ahead among them. */
function read(row, step, unit, steps) {
  const number = (value) => (value === undefined ? "–" : precise(value));
  const ahead = step - steps;
  if (row.kind === "heat") return [[row.title, ahead < 0 ? number(row.value(step, Math.min(unit, row.units - 1))) : "–"]];
  return [[row.title, number(row.values[step])], ...(row.beyond ?? []).map(({ name, values }) => [name, ahead < 0 ? "–" : number(values[ahead])])];
}
