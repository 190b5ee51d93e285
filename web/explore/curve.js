// Curves over a number, and a point on them that can be dragged along; its tangent shows the slope there.

import { fitCanvas, h } from "../lib/dom.js";
import { ink, rule } from "../lib/axes.js";
import { rounded } from "../lib/format.js";
import { figure } from "./explorer.js";

const [LEFT, TOP, BOTTOM, RIGHT, TALL] = [46, 12, 40, 14, 320];
const WIDEST = 760;
const DASHES = { dot: [3, 4], dash: [8, 5] };

class Curve {
  /** @type {any} */ shown;
  /** @type {[number, number]} */ reach;
  /** @type {number} */ width;
  /** @type {boolean} */ held;

  constructor(explorer) {
    this.explorer = explorer;
    this.canvas = h("canvas", { role: "img", class: "ll-plane" });
    this.legend = h("div", { class: "ll-legend" });
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.element = h("div", {}, this.facts, this.legend, this.canvas);
    this.canvas.addEventListener("pointerdown", (event) => { this.canvas.setPointerCapture(event.pointerId); this.held = true; this.drag(event); });
    this.canvas.addEventListener("pointermove", (event) => this.held && this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => { this.held = false; });
  }

  drag({ offsetX }) {
    const { control, step } = this.shown.marker;
    const [low, high] = this.reach;
    const at = low + ((offsetX - LEFT) / (this.width - LEFT - RIGHT)) * (high - low);
    const value = Math.max(low, Math.min(high, Math.round(at / step) * step));
    this.explorer.set({ [control]: Number(value.toFixed(6)) });
  }

  draw(shown, explorer) {
    const { colors } = explorer;
    this.shown = shown;
    this.reach = [shown.at[0], shown.at.at(-1)];
    this.width = Math.min(explorer.width - 30, WIDEST);
    this.canvas.setAttribute("aria-label", `${shown.lines.map((line) => line.name).join(" and ")} over ${shown.x}`);
    this.legend.replaceChildren(...shown.lines.map((line, i) => h("span", {}, h("i", { style: `background:${this.color(i)}` }), line.name)));
    this.facts.replaceChildren(...shown.facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
    const context = fitCanvas(this.canvas, this.width, TALL);
    context.clearRect(0, 0, this.width, TALL);
    this.grid(context, colors);
    shown.lines.forEach((line, i) => this.line(context, line, this.color(i)));
    this.mark(context, colors);
  }

  color(i) {
    return this.shown.lines[i].color ?? this.explorer.colors.ofClass(i);
  }

  px(x) {
    return LEFT + ((x - this.reach[0]) / (this.reach[1] - this.reach[0])) * (this.width - LEFT - RIGHT);
  }

  py(y) {
    const [low, high] = this.shown.range;
    return TOP + (1 - (y - low) / (high - low)) * (TALL - TOP - BOTTOM);
  }

  grid(context, colors) {
    const { range, x, ticks } = this.shown;
    for (const [axis, values] of [["y", between(...range, 6)], ["x", ticks ?? between(...this.reach, 8)]]) {
      context.textAlign = axis === "y" ? "right" : "center";
      for (const value of values) {
        const along = axis === "y" ? this.py(value) : this.px(value);
        /** @type {[number, number, number, number]} */ const ends = axis === "y" ? [LEFT, along, this.width - RIGHT, along] : [along, TOP, along, TALL - BOTTOM];
        rule(context, value === 0 ? colors.quiet : colors.line, ...ends);
        ink(context, colors);
        context.fillText(rounded(value, 4), axis === "y" ? LEFT - 7 : along, axis === "y" ? along : TALL - BOTTOM + 12);
      }
    }
    context.textAlign = "center";
    context.fillText(x, LEFT + (this.width - LEFT - RIGHT) / 2, TALL - 8);
  }

  line(context, { values, dash }, color) {
    context.save();
    context.beginPath();
    context.rect(LEFT, TOP - 6, this.width - LEFT - RIGHT, TALL - TOP - BOTTOM + 12);
    context.clip();
    context.strokeStyle = color;
    context.lineWidth = 2.4;
    context.setLineDash(DASHES[dash] ?? []);
    context.beginPath();
    values.forEach((value, i) => context.lineTo(this.px(this.shown.at[i]), this.py(value)));
    context.stroke();
    context.restore();
  }

  /** The dragged point on every line, and the tangent of the first. */
  mark(context, colors) {
    const { x, y, slope } = this.shown.marker;
    context.save();
    context.beginPath();
    context.rect(LEFT, TOP - 6, this.width - LEFT - RIGHT, TALL - TOP - BOTTOM + 12);
    context.clip();
    context.strokeStyle = colors.ink;
    context.lineWidth = 1.4;
    const reach = (this.reach[1] - this.reach[0]) * 0.16;
    context.beginPath();
    context.moveTo(this.px(x - reach), this.py(y[0] - slope * reach));
    context.lineTo(this.px(x + reach), this.py(y[0] + slope * reach));
    context.stroke();
    y.forEach((value, i) => {
      context.beginPath();
      context.arc(this.px(x), this.py(value), i ? 5 : 8, 0, 7);
      context.fillStyle = this.color(i);
      context.fill();
      context.strokeStyle = colors.surface;
      context.lineWidth = 2;
      context.stroke();
    });
    context.restore();
  }
}

/** Round numbers between two. */
function between(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough) ?? 10 * power;
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9; k++) values.push(Number((k * step).toFixed(9)));
  return values;
}

export const mount = figure(Curve);
