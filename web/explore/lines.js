// Lines over a common axis, and the numbers that go with them.

import { fitCanvas, h } from "../lib/dom.js";
import { levels } from "../lib/axes.js";
import { minus, short } from "../lib/format.js";
import { figure } from "./explorer.js";

const [LEFT, TOP, BOTTOM, TALL] = [58, 12, 40, 250];
const power = (value) => minus(value.toExponential(0));
const read = (value) => short(value, 1e4, 2);

class Lines {
  /** @type {any} */ shown;
  /** @type {number} */ width;
  /** @type {number} */ low;
  /** @type {number} */ high;
  /** @type {(i: number) => number} */ px;
  /** @type {(value: number) => number} */ py;

  constructor() {
    this.canvas = h("canvas", { role: "img" });
    this.legend = h("div", { class: "ll-legend" });
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.element = h("div", { class: "ll-line-chart" }, this.facts, this.legend, h("div", { class: "ll-inspect-frame" }, this.canvas, this.tip));
    this.canvas.addEventListener("pointermove", (event) => this.explain(event));
    this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
  }

  draw(shown, explorer) {
    const { colors } = explorer;
    this.shown = shown;
    this.width = Math.min(explorer.width, 860);
    this.canvas.setAttribute("aria-label", `${shown.y} over ${shown.x}`);
    const style = (i) => (shown.lines[i].color ?? colors.ofClass(i));
    this.legend.replaceChildren(...shown.lines.map((line, i) => h("span", {}, h("i", { style: `background:${style(i)}` }), line.name)));
    this.facts.replaceChildren(...(shown.facts ?? []).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
    this.facts.hidden = !shown.facts?.length;
    const context = fitCanvas(this.canvas, this.width, TALL);
    context.clearRect(0, 0, this.width, TALL);
    this.scales(shown);
    this.grid(context, shown, colors);
    shown.lines.forEach((line, i) => this.line(context, line, style(i)));
  }

  scales({ lines, at, log, range }) {
    const values = lines.flatMap((line) => line.values.filter((v) => v !== null && (!log || v > 0)));
    let [low, high] = range ?? [Math.min(...values, log ? Infinity : 0), Math.max(...values)];
    if (log) [low, high] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
    if (!(high > low)) high = low + 1;
    [this.low, this.high] = [low, high];
    const wide = this.width - LEFT - 12;
    this.px = (i) => LEFT + (at.length > 1 ? i / (at.length - 1) : 0.5) * wide;
    this.py = (v) => TOP + (1 - ((log ? Math.log10(Math.max(v, 1e-300)) : v) - low) / (high - low)) * (TALL - TOP - BOTTOM);
  }

  grid(context, { at, log, x, y }, colors) {
    const pace = log ? Math.ceil((this.high - this.low) / 6) : (this.high - this.low) / 4;
    const values = [];
    for (let level = this.low; level <= this.high + 1e-9; level += pace) values.push(log ? 10 ** level : level);
    levels(context, values, { left: LEFT, right: this.width - 12, y: this.py, name: log ? power : read, colors });
    context.textAlign = "center";
    context.textBaseline = "top";
    const every = Math.max(1, Math.ceil(at.length / Math.max(2, Math.floor(this.width / 60))));
    at.forEach((label, i) => { if (i % every === 0) context.fillText(label, this.inside(context, label, i), TALL - BOTTOM + 6); });
    context.fillText(`${y}, over ${x}`, LEFT + (this.width - LEFT) / 2, TALL - 16);
  }

  /** Where a label is centred: below its point, and never cut at the right edge. */
  inside(context, label, i) {
    return Math.min(this.px(i), this.width - Math.ceil(context.measureText(label).width / 2));
  }

  line(context, { values }, color) {
    context.save();
    context.beginPath();
    context.rect(LEFT - 4, TOP - 4, this.width, TALL - TOP - BOTTOM + 8);
    context.clip();
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = 2;
    context.beginPath();
    let pen = false;
    values.forEach((v, i) => {
      const inside = v !== null && (!this.shown.log || v > 0);
      if (inside) context[pen ? "lineTo" : "moveTo"](this.px(i), this.py(v));
      pen = inside;
    });
    context.stroke();
    if (values.length <= 60) values.forEach((v, i) => {
      if (v === null || (this.shown.log && v <= 0)) return;
      context.beginPath();
      context.arc(this.px(i), this.py(v), 2.6, 0, 7);
      context.fill();
    });
    context.restore();
  }

  explain({ offsetX, offsetY }) {
    const { at, lines, x } = this.shown;
    const i = Math.round(((offsetX - LEFT) / (this.width - LEFT - 12)) * (at.length - 1));
    this.tip.hidden = i < 0 || i >= at.length;
    if (this.tip.hidden) return;
    this.tip.textContent = [`${x} ${at[i]}`, ...lines.map((line) => `${line.name}: ${line.values[i] === null ? "–" : read(line.values[i])}`)].join(" · ");
    this.tip.style.left = `${Math.max(0, Math.min(offsetX + 12, this.width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${Math.max(0, offsetY - 40)}px`;
  }
}

export const mount = figure(Lines);
