// A query, keys and values as arrows in the plane; their tips can be dragged. The numbers come from the engine.

import { fitCanvas, h, tableRow } from "../lib/dom.js";
import { fixed } from "../lib/format.js";
import { figure } from "./explorer.js";

/** @import { Colors } from "../lib/colors.js" */

const REACH = 3.2;
const pair = ([x, y]) => `(${fixed(x)}, ${fixed(y)})`;

class Vectors {
  /** @type {Colors} */ colors;
  /** @type {number} */ size;
  /** @type {[string, number, number, number] | null} */ held = null;

  constructor(explorer) {
    this.explorer = explorer;
    this.planes = ["query", "values"].map((name) => this.plane(name));
    this.table = h("table", { class: "ll-table" });
    this.sum = h("p", { class: "ll-caption" });
    this.element = h("div", { class: "ll-row" }, ...this.planes.map((plane) => plane.box),
      h("div", {}, h("h3", {}, "What the engine computes"), this.table, this.sum));
  }

  plane(name) {
    const canvas = h("canvas", { role: "img", class: "ll-plane", "aria-label": name === "query" ? "Query and keys" : "Values and answer" });
    const plane = { name, canvas, box: h("div", {}, h("h3", {}, name === "query" ? "Query q and keys k" : "Values v and answer y"), canvas) };
    canvas.addEventListener("pointerdown", (event) => this.take(plane, event));
    canvas.addEventListener("pointermove", (event) => this.drag(plane, event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.held = null; });
    return plane;
  }

  /** The tips of a plane: [name of the numbers, place in them, x, y].
   * @returns {[string, number, number, number][]} */
  tips({ name }) {
    const { query, keys, values } = this.explorer.values;
    const tip = (label, numbers, i = 0) => /** @type {[string, number, number, number]} */ ([label, i, numbers[2 * i], numbers[2 * i + 1]]);
    const list = (label, numbers) => [0, 1, 2].map((i) => tip(label, numbers, i));
    return name === "query" ? [tip("query", query), ...list("keys", keys)] : list("values", values);
  }

  take(plane, event) {
    const { x, y } = this.point(event);
    const away = (tip) => Math.hypot(tip[2] - x, tip[3] - y);
    const [near] = this.tips(plane).sort((one, other) => away(one) - away(other));
    if (away(near) > 0.7) return;
    this.held = near;
    event.target.setPointerCapture(event.pointerId);
    this.drag(plane, event);
  }

  drag(plane, event) {
    if (!this.held) return;
    const [name, i] = this.held;
    const { x, y } = this.point(event);
    const numbers = [...this.explorer.values[name]];
    const clamp = (v) => Math.max(-3, Math.min(3, Math.round(v * 50) / 50));
    [numbers[2 * i], numbers[2 * i + 1]] = [clamp(x), clamp(y)];
    this.explorer.set({ [name]: numbers });
    this.explorer.draw();
  }

  point({ offsetX, offsetY }) {
    return { x: (offsetX / this.size) * 2 * REACH - REACH, y: REACH - (offsetY / this.size) * 2 * REACH };
  }

  draw(shown, explorer) {
    this.colors = explorer.colors;
    this.size = Math.min(300, Math.max(150, Math.floor((explorer.width - 60) / (explorer.width < 420 ? 1 : 2))), explorer.width - 32);
    for (const plane of this.planes) this.arrows(plane, shown);
    this.table.replaceChildren(tableRow(["", "k", "score", "weight", "v"], "th"), ...[0, 1, 2].map((i) => tableRow([
      h("span", { style: `color:${this.colors.ofClass(i + 1)};font-weight:600` }, `${i + 1}`), pair(shown.keys[i]), fixed(shown.scores[i]), fixed(shown.weights[i], 3), pair(shown.values[i])])));
    this.sum.textContent = `q = ${pair(shown.query)}   ·   y = Σ weight · v = ${pair(shown.answer)}   ·   entropy of the weights ${fixed(shown.entropy)} bits`;
  }

  arrows(plane, shown) {
    const { size, colors } = this;
    const context = fitCanvas(plane.canvas, size, size);
    const at = (v) => ((v + REACH) / (2 * REACH)) * size;
    context.clearRect(0, 0, size, size);
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.beginPath();
    for (const [x, y] of [[0, size / 2], [size / 2, 0]]) {
      context.moveTo(x, y);
      context.lineTo(size - x, size - y);
    }
    context.stroke();
    const arrow = (x, y, color, width, label) => {
      const [px, py, angle] = [at(x), size - at(y), Math.atan2(-y, x)];
      context.strokeStyle = context.fillStyle = color;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(size / 2, size / 2);
      context.lineTo(px, py);
      context.stroke();
      context.beginPath();
      context.arc(px, py, 6, 0, 7);
      context.fill();
      context.font = "600 13px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(label, Math.max(9, Math.min(size - 9, px + 16 * Math.cos(angle))), Math.max(9, Math.min(size - 9, py + 16 * Math.sin(angle))));
    };
    const to = ([x, y], label) => arrow(x, y, colors.ink, 2.5, label);
    for (const [name, i, x, y] of this.tips(plane)) {
      if (name === "query") continue;
      arrow(x, y, colors.ofClass(i + 1), 1.5 + 6 * shown.weights[i], `${name === "keys" ? "k" : "v"}${"₁₂₃"[i]}`);
    }
    if (plane.name === "query") to(this.explorer.values.query, "q");
    else to(shown.answer, "y");
  }
}

export const mount = figure(Vectors);
