// Forward: one example walks through the layers at the person's pace, with the numbers that go in and come out.

import { h } from "../lib/dom.js";
import { NumbersHeatmap } from "../draw/numbers_heatmap.js";
import { digits } from "../lib/format.js";
import { tex } from "../lib/tex.js";
import { answerTable } from "./answer_table.js";
import { AskingPanel, KeepAsking } from "./keep_asking.js";

/** @import { Message, NumberArray, PanelHost } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const PACE = 1800;        // ms for each stop while it walks by itself
const LOOK = {
  input: "This is all that the network gets to see of the example. Press Next layer and follow it.",
  layer: "Compare what comes in with what goes out: what has the layer kept, and what has it thrown away?",
  answer: "Each exponential is positive; divided by their sum they become shares. The loss is small when the true one has a large share.",
};

export class ForwardPanel extends AskingPanel {
  title = "Forward";
  /** @type {Colors} */ colors;
  /** @type {Message} */ message;
  /** @type {Record<string, any>} */ header;
  /** @type {ReturnType<typeof setInterval> | undefined} */ timer;

  /** @param {PanelHost} stage */
  constructor(stage) {
    super();
    this.stage = stage;
    this.at = 0;
    this.unit = 0;
    this.asking = new KeepAsking(stage, "forward", () => ({ layer: this.at, unit: this.unit }));
    this.stops = h("div", { class: "ll-stops", role: "group", "aria-label": "Stops of the walk" });
    this.walk = h("button", { type: "button", class: "ll-text-button", onclick: () => this.toggle() }, "Walk");
    this.units = h("select", { class: "ll-speed", "aria-label": "Unit", onchange: () => { this.unit = this.units.selectedIndex; this.asking.ask(); } });
    this.incoming = new NumbersHeatmap("in");
    this.outgoing = new NumbersHeatmap("out");
    this.formula = h("div", { class: "ll-formulas" });
    this.text = h("p", { class: "ll-words" });
    this.detail = h("div", { class: "ll-arithmetic", "data-testid": "arithmetic" });
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" },
      stepButton("Previous layer", () => this.go(this.at - 1)), this.walk,
      stepButton("Next layer", () => this.go(this.at + 1)), this.stops),
    this.formula, this.text, h("div", { class: "ll-heats" }, this.incoming.element, this.outgoing.element), this.detail, this.note);
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
    if (this.message) this.render();
  }

  go(to) {
    if (!this.header) return;
    this.at = Math.max(0, Math.min(to, this.header.stops.length - 1));
    this.unit = 0;
    this.asking.ask();
  }

  /** Walk by itself, from the beginning where it stands at the end; or stand still. */
  toggle() {
    if (this.timer) return this.stand();
    if (this.header && this.at === this.header.stops.length - 1) this.go(0);
    this.walk.textContent = "Stop walking";
    this.timer = setInterval(() => {
      if (!this.element.isConnected || this.at === this.header.stops.length - 1) this.stand();
      else this.go(this.at + 1);
    }, PACE);
  }

  stand() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.walk.textContent = "Walk";
  }

  answered(message) {
    const header = this.asking.take(message);
    if (!header || header.error) return;
    this.at = Math.min(this.at, header.stops.length - 1);
    if (header.layer !== this.at) return;               // an answer to an earlier question, about another stop
    this.message = message;
    this.header = header;
    if (this.element.isConnected) this.render();
  }

  render() {
    const { header, arrays } = this.message;
    this.stops.replaceChildren(...header.stops.map((stop, i) => h("button", { type: "button", class: "ll-stop",
      "aria-current": i === this.at ? "step" : false, onclick: () => this.go(i) }, stop)));
    this.formula.replaceChildren(...formulas(header));
    for (const [heat, array, title] of /** @type {[NumbersHeatmap, NumberArray, string][]} */ ([[this.incoming, arrays.in, "Comes in"], [this.outgoing, arrays.out, header.what === "input" ? "The example" : "Goes out"]])) {
      heat.element.hidden = !array;
      if (array) heat.draw(array, this.colors, `${title}: ${(title === "Comes in" ? header.in_shape : header.shape).join(" × ")} numbers`, this.at === (array === arrays.in ? 1 : 0) ? "feature" : "unit");
    }
    this.text.hidden = !header.tokens?.length;
    this.text.textContent = header.tokens?.join("  ") ?? "";
    this.detail.replaceChildren(...this.arithmetic(header));
    this.note.textContent = header.what === "answer" && header.how !== "softmax" ? "How far is the answer from what is true? That distance is what the loss measures." : LOOK[header.what];
  }

  arithmetic(header) {
    if (header.what === "answer") return answerTable(header);
    return header.sum ? this.sum(header.sum) : [];
  }

  /** Σ x·w + b = z and f(z) = a of one unit. */
  sum(sum) {
    this.units.replaceChildren(...Array.from({ length: sum.units }, (_, i) => h("option", {}, `Unit ${i + 1}`)));
    this.units.selectedIndex = sum.unit;
    const row = (...cells) => h("tr", {}, ...cells.map((cell) => h("td", {}, cell)));
    return [h("div", { class: "ll-inspect-head" }, h("h4", {}, "One unit's sum"), this.units),
      h("div", { class: "ll-wide" }, h("table", { class: "ll-table" }, h("tr", {}, ...["input", "x", "· w", "= x·w"].map((name) => h("th", {}, name))),
        ...sum.terms.map((term) => row(term.name, digits(term.x), digits(term.w), digits(term.product))),
        sum.left_out ? row(`${sum.left_out} smaller ones`, "", "", digits(sum.rest)) : null,
        sum.bias === null ? null : row("bias b", "", "", digits(sum.bias)),
        h("tr", { class: "ll-total" }, h("td", {}, "sum z"), h("td", {}), h("td", {}), h("td", { "data-number": "z" }, digits(sum.z))),
        h("tr", { class: "ll-total" }, h("td", {}, `a = f(z), ${this.header.function}`), h("td", {}), h("td", {}), h("td", { "data-number": "a" }, digits(sum.a)))))];
  }
}

function stepButton(text, onclick) {
  return h("button", { type: "button", class: "ll-text-button", onclick }, text);
}

/** @param {Record<string, any>} header */
function formulas({ what, title, formula, bend, parts = [] }) {
  if (what !== "layer") return [];
  const line = (name, text) => h("div", {}, h("span", { class: "ll-part" }, name), tex(text));
  const inner = parts.filter((part) => part.formula).map((part) => line(part.title, part.formula));
  return [formula ? line(title, formula) : null, bend ? line("", bend) : null, ...inner].filter(Boolean);
}
