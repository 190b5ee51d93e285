// The chain rule on a small graph: values flow down, gradients come back up, one edge a step.

import { h } from "../lib/dom.js";
import { figure } from "./explorer.js";

/** @import { Colors } from "../lib/colors.js" */

const NS = "http://www.w3.org/2000/svg";
const PACE = 1100;               // ms for an edge while it walks by itself
const [WIDE, ROW, BOX, HIGH] = [340, 88, 128, 44];

class Graph {
  /** @type {any} */ shown;
  /** @type {Colors} */ colors;
  /** @type {number} */ at;
  /** @type {ReturnType<typeof setInterval> | undefined} */ timer;

  constructor(explorer) {
    this.explorer = explorer;
    this.svg = document.createElementNS(NS, "svg");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", "The graph of the computation, with values and gradients");
    this.list = h("ol", {});
    this.walk = h("button", { type: "button", class: "ll-text-button", onclick: () => this.toggle() }, "Walk back");
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.element = h("div", {}, h("div", { class: "ll-walk" }, this.walk), h("div", { class: "ll-graph" }, this.svg, this.list), this.facts);
  }

  toggle() {
    if (this.timer) return this.stand();
    if (this.explorer.values.step >= this.shown.steps.length) this.explorer.set({ step: 0 });
    this.walk.textContent = "Stop";
    this.timer = setInterval(() => {
      const { step } = this.explorer.values;
      if (!this.element.isConnected || step >= this.shown.steps.length) this.stand();
      else this.explorer.set({ step: step + 1 });
    }, PACE);
  }

  stand() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.walk.textContent = "Walk back";
  }

  close() {
    this.stand();
  }

  draw(shown, { colors }) {
    this.shown = shown;
    this.colors = colors;
    this.at = shown.step;
    const rows = Math.max(...shown.nodes.map((node) => node.row)) + 1;
    this.svg.setAttribute("viewBox", `0 0 ${WIDE} ${rows * ROW - (ROW - HIGH) + 4}`);
    const places = Object.fromEntries(shown.nodes.map((node) => [node.name, [node.column * WIDE, node.row * ROW + HIGH / 2 + 2]]));
    this.svg.replaceChildren(...shown.edges.flatMap((edge) => this.edge(edge, places)), ...shown.nodes.flatMap((node) => this.node(node, places[node.name])));
    this.list.replaceChildren(...shown.steps.map((text, i) => h("li", { class: i + 1 === this.at ? "ll-now" : i < this.at ? "ll-done" : "" },
      i < this.at ? text.done : text.open)));
    this.facts.replaceChildren(...shown.facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
  }

  /** A line from a node to the one below it; once the way back has passed it, its factor stands on it. */
  edge({ from, to, factor, step }, places) {
    const [[x1, y1], [x2, y2]] = [places[from], places[to]];
    const passed = this.at >= step;
    const tone = !passed ? this.colors.line : this.at === step ? this.colors.positive : this.colors.quiet;
    const line = s("line", { x1, y1: y1 + HIGH / 2, x2, y2: y2 - HIGH / 2, stroke: tone, "stroke-width": this.at === step ? 3.5 : 1.8 });
    if (!passed) return [line];
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    return [line, s("rect", { x: x - 33, y: y - 10, width: 66, height: 20, rx: 6, fill: this.colors.surface, stroke: tone }),
      s("text", { x, y: y + 4, "text-anchor": "middle", fill: this.colors.ink }, `× ${factor}`)];
  }

  /** A box with the name and value, and below them the gradient once it has come. */
  node({ name, value, gradient, step, given }, [x, y]) {
    const known = this.at >= step;
    const now = this.at === step && step > 0;
    return [s("rect", { x: x - BOX / 2, y: y - HIGH / 2, width: BOX, height: HIGH, rx: 9, fill: given ? this.colors.line : this.colors.surface,
      stroke: now ? this.colors.positive : this.colors.quiet, "stroke-width": now ? 2.5 : 1 }),
    s("text", { x, y: y - 4, "text-anchor": "middle", fill: this.colors.ink }, `${name} = ${value}`),
    known ? s("text", { x, y: y + 14, "text-anchor": "middle", fill: "var(--st-primary-color)", "font-weight": 600 }, `∂L/∂${name} = ${gradient}`)
      : s("text", { x, y: y + 14, "text-anchor": "middle", fill: this.colors.quiet }, `∂L/∂${name} = ?`)];
  }
}

function s(tag, attributes, text = "") {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

export const mount = figure(Graph);
