// Microscope: what the next step will do to one weight, from the examples of its batch to its new value.

import { h } from "../lib/dom.js";
import { digits, many, rounded, whole } from "../lib/format.js";
import { tex } from "../lib/tex.js";
import { AskingPanel, KeepAsking } from "./keep_asking.js";

/** @import { PanelHost } from "../wire/host.d.ts" */

const AXES = { 1: ["unit"], 2: ["input", "unit"], 4: ["row", "column", "channel", "filter"] };
const COLUMNS = [["z", "sum z"], ["a", "a = f(z)"], ["x", "x"], ["upstream", "∂L/∂a"], ["slope", "f′(z)"],
  ["dz", "∂L/∂z"], ["product", "x · ∂L/∂z"]];
const EXACT = 7;          // digits of numbers that are to be compared

export class MicroscopePanel extends AskingPanel {
  title = "Microscope";
  /** @type {string} */ parameter;
  /** @type {number[]} */ index = [];
  /** @type {Record<string, any>} */ header;
  /** @type {string} */ stamp;
  /** @type {string} */ names;
  /** @type {string} */ layout;
  /** @type {HTMLInputElement[]} */ inputs = [];

  /** @param {PanelHost} stage */
  constructor(stage) {
    super();
    this.stage = stage;
    this.asking = new KeepAsking(stage, "microscope", () => ({ parameter: this.parameter, index: this.index }));
    this.choice = h("select", { class: "ll-speed", "aria-label": "Parameter", onchange: () => this.look(this.choice.value, []) });
    this.places = h("span", { class: "ll-places" });
    this.means = h("span", { class: "ll-part" });
    this.check = h("button", { type: "button", class: "ll-text-button", onclick: () => this.asking.ask({ check: true }) }, "Check by finite differences");
    this.verdict = h("div", { role: "status" });
    this.body = h("div", { class: "ll-steps", "data-testid": "microscope" });
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" }, this.choice, this.places, this.means), this.body,
      h("p", { class: "ll-caption" }, "This is the step that comes next: press Step above and the weight takes its new value. Look which examples pull the weight up, and which pull it down."));
  }

  themed() {}

  /** Put a weight under the microscope: a parameter such as "0.W" and the weight's place in it. */
  look(parameter, index) {
    Object.assign(this, { parameter, index });
    this.asking.ask();
  }

  answered(message) {
    const header = this.asking.take(message);
    if (!header) return;
    if (header.error) this.body.replaceChildren(header.error);
    else if (header.check) this.showCheck(header);
    else this.showStep(header);
  }

  showStep(header) {
    const stamp = `${header.step}:${header.parameter}:${header.index}`;
    if (stamp !== this.stamp) this.verdict.replaceChildren();
    this.stamp = stamp;
    this.header = header;
    this.parameter = header.parameter;
    this.index = header.index;
    this.choose(header);
    this.body.replaceChildren(...this.steps(header).map(([title, ...parts], i) => h("section", {}, h("h4", {}, h("b", {}, String(i + 1)), title), ...parts)));
  }

  choose({ parameters, parameter, index, means }) {
    this.means.textContent = means;
    const names = parameters.map(({ title }) => title).join();
    if (names !== this.names) {
      this.names = names;
      this.choice.replaceChildren(...parameters.map(({ name, title, shape }) => h("option", { value: name }, `${title} (${shape.join(" × ")})`)));
    }
    this.choice.value = parameter;
    const { shape } = parameters.find(({ name }) => name === parameter);
    const layout = `${parameter}:${shape}`;
    if (layout !== this.layout) {
      this.layout = layout;
      const axes = AXES[shape.length] ?? shape.map((_, axis) => `axis ${axis + 1}`);
      this.inputs = shape.map((size, axis) => h("input", { type: "number", min: 1, max: size, "aria-label": `${axes[axis]} of the weight`,
        onchange: () => this.look(this.parameter, this.inputs.map((input) => Number(input.value) - 1)) }));
      this.places.replaceChildren(...shape.map((size, axis) => h("label", {}, axes[axis], this.inputs[axis], `of ${size}`)));
    }
    this.inputs.forEach((input, axis) => { if (input !== document.activeElement) input.value = index[axis] + 1; });
  }

  steps(header) {
    const { weight, gradient, loss, batch, new: after } = header;
    return [
      ["The batch and its loss", h("p", {}, `The next step takes ${many(batch, "example")}. Their mean loss is `, number("loss", loss), ". ", header.loss_label, ": ", tex(header.loss_formula)),
        h("p", {}, "The weight is ", number("weight", weight), " now.")],
      ["The chain rule", ...this.chain(header), h("p", { class: "ll-sum" }, "∂L/∂w = ", number("gradient", gradient), " "), this.check, this.verdict],
      ["What else pulls at it", ...pulls(header)],
      [`The step of ${header.optimizer}`, ...this.optimizer(header)],
      ["The new value", h("p", { class: "ll-sum" }, digits(weight, EXACT), " → ", number("new", after), ` (${after === weight ? "no change" : `${after > weight ? "up" : "down"} by ${digits(Math.abs(after - weight))}`})`)],
    ];
  }

  chain({ chain, batch }) {
    if (!chain) return [h("p", {}, "The engine adds this gradient up inside the layer, over many paths, so no short list of factors shows it. The check below tells whether it is right.")];
    const columns = COLUMNS.filter(([key]) => key in chain.rows[0]);
    const { places } = chain;
    const line = (first, cells, kind = "") => h("tr", { class: kind || null }, h("td", {}, first), ...cells.map((cell) => h("td", {}, cell)));
    const only = (name, value) => columns.map(([key]) => (key === "product" ? name ? number(name, value, EXACT - 1) : digits(value) : ""));
    return [h("p", {}, places > 1
      ? `The weight is used at ${places} places in each of ${many(batch, "example")}. Each use adds x · ∂L/∂z to its gradient, x being what it is multiplied by; these are the largest.`
      : `${batch === 1 ? "The one example" : `Each of the ${batch} examples`} adds x · ∂L/∂z to the weight's gradient: what the weight is multiplied by, times what the loss asks of the sum it goes into${columns.some(([key]) => key === "slope") ? ", where ∂L/∂z = ∂L/∂a · f′(z)" : ""}. The loss is a mean, so ∂L already holds the share 1/${batch}.`),
    h("div", { class: "ll-wide" }, h("table", { class: "ll-table" }, h("tr", {}, h("th", {}), ...columns.map(([, title]) => h("th", {}, title))),
      ...chain.rows.map((row) => line(row.where, columns.map(([key]) => digits(row[key])))),
      chain.left_out ? line(`${whole(chain.left_out)} more`, only("", chain.rest)) : null,
      line("sum", only("sum", chain.sum), "ll-total")))];
  }

  optimizer({ frozen, lines, memory, t, lr }) {
    if (frozen) return [h("p", {}, "The layer is frozen: its weights stay as they are.")];
    const kept = Object.entries(memory).map(([slot, value]) => `${slot} = ${digits(value)}`).join(", ");
    return [h("p", {}, `Step ${whole(t)} with learning rate lr = ${rounded(lr, 6)}${kept ? `; of this weight the optimizer remembers ${kept}` : ""}.`),
      h("div", { class: "ll-wide" }, h("table", { class: "ll-table ll-lines" }, ...lines.map(({ symbol, rule, numbers, value }) =>
        h("tr", {}, h("td", {}, symbol), h("td", {}, `= ${rule}`), h("td", {}, `= ${numbers}`), h("td", {}, `= ${digits(value, EXACT)}`)))))];
  }

  /** @param {Record<string, any>} header */
  showCheck({ check, parameter, index }) {
    if (parameter !== this.parameter || String(index) !== String(this.index)) return;
    const good = check.error < 1e-5;
    this.verdict.replaceChildren(h("p", { class: "ll-sum" }, "Nudging the weight by h = 0.00001, in double precision: (L(w + h) − L(w − h)) / 2h = ", number("numeric", check.numeric),
      "; backpropagation, in double precision: ", number("analytic", check.analytic), "; relative error ", number("error", check.error), good ? ". They agree." : ". They differ: the function may have a kink here, such as ReLU's at zero."));
  }
}

function pulls({ pull, clip }) {
  const parts = [];
  if (pull.l2) parts.push(`L2 adds ${pull.l2}·w`);
  if (pull.l1) parts.push(`L1 adds ${pull.l1} times the weight's sign`);
  const pulled = parts.length ? `${parts.join("; ")}: the gradient becomes ${digits(pull.gradient)}. ` : "There is no L1 or L2. ";
  const clipped = clip.limit === null ? "The gradient is not clipped." : clip.clipped
    ? `The whole gradient is ${digits(clip.norm)} long, more than ${clip.limit}, so all of it is shortened: here to ${digits(clip.gradient)}.`
    : `The whole gradient is ${digits(clip.norm)} long, within the limit of ${clip.limit}, and stays as it is.`;
  return [h("p", {}, pulled, clipped)];
}

function number(name, value, count = EXACT) {
  return h("b", { "data-number": name }, digits(value, count));
}
