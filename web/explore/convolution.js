// A kernel that slides over a picture. The engine has computed every pixel; here they are drawn and looked up.

import { contextOf, fitCanvas, h } from "../lib/dom.js";
import { fixed, whole } from "../lib/format.js";
import { raster } from "../draw/raster.js";
import { figure } from "./explorer.js";

/** @import { Colors } from "../lib/colors.js" */

const MOST = 250; // pixels of the screen for a picture

class Convolution {
  /** @type {any} */ shown;
  /** @type {Colors} */ colors;
  /** @type {number} */ room;
  /** @type {number} */ inkValue;
  /** @type {ReturnType<typeof setInterval> | undefined} */ timer;

  constructor(explorer) {
    this.explorer = explorer;
    this.at = { i: 6, j: 6 };
    this.left = this.picture("Picture", (p) => this.place(Math.round((p.y + this.shown.pad - 1) / this.shown.stride), Math.round((p.x + this.shown.pad - 1) / this.shown.stride)));
    this.right = this.picture("Feature map", (p) => this.place(Math.floor(p.y), Math.floor(p.x)));
    this.small = this.picture("Pooled", (p) => this.place(Math.floor(p.y) * 2, Math.floor(p.x) * 2));
    this.weights = Array.from({ length: 9 }, (_, k) => h("input", { type: "number", step: "any", min: -20, max: 20,
      "aria-label": `Kernel, row ${Math.floor(k / 3) + 1}, column ${(k % 3) + 1}`, onchange: () => this.edit() }));
    this.kernel = h("div", { class: "ll-kernel-box" }, h("h3", {}, "Kernel"), h("div", { class: "ll-kernel" }, ...this.weights));
    this.sum = h("div", { class: "ll-one-sum", "aria-live": "off" });
    this.button = h("button", { type: "button", class: "ll-text-button", onclick: () => this.slide() }, "Slide");
    this.facts = h("p", { class: "ll-caption" });
    this.element = h("div", {}, h("div", { class: "ll-row" }, this.left.box, h("div", {}, this.kernel, this.button), this.right.box, this.small.box,
      h("div", {}, h("h3", {}, "At the marked place"), this.sum)), this.facts);
    this.left.canvas.addEventListener("pointerdown", (event) => this.ink(event, true));
  }

  picture(title, move) {
    const canvas = h("canvas", { role: "img", "aria-label": title, tabindex: "0" });
    const heading = h("h3", {}, title);
    const part = { canvas, heading, title, box: h("div", {}, heading, canvas), unit: 1, context: contextOf(canvas) };
    canvas.addEventListener("pointermove", (event) => {
      move({ x: event.offsetX / part.unit, y: event.offsetY / part.unit });
      if (event.buttons && part === this.left) this.ink(event, false);
    });
    canvas.addEventListener("keydown", ({ key }) => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
      if (step) this.place(this.at.i + step[0], this.at.j + step[1]);
    });
    return part;
  }

  /** Point at a pixel of the feature map. */
  place(i, j) {
    const { z } = this.shown;
    this.at = { i: Math.max(0, Math.min(z.length - 1, i)), j: Math.max(0, Math.min(z[0].length - 1, j)) };
    this.redraw();
  }

  slide() {
    if (this.timer) { this.stop(); return; }
    this.button.textContent = "Stop";
    this.at = { i: 0, j: 0 };
    this.timer = setInterval(() => {
      const [rows, columns] = [this.shown.z.length, this.shown.z[0].length];
      const next = this.at.i * columns + this.at.j + 1;
      if (next >= rows * columns || !this.element.isConnected) this.stop();
      else this.place(Math.floor(next / columns), next % columns);
    }, 40);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.button.textContent = "Slide";
  }

  close() {
    this.stop();
  }

  edit() {
    this.explorer.set({ filter: "own", kernel: this.weights.map((input) => Number(input.value) || 0) });
    this.explorer.known = null; // the chosen kernel has changed: the controls are built anew
  }

  /** Draw into one's own picture: pressing on ink takes it away. */
  ink(event, first) {
    if (!this.shown.drawable) return;
    event.preventDefault();
    const drawing = [...this.explorer.values.drawing];
    const side = this.shown.picture.length;
    const [r, c] = [Math.floor(event.offsetY / this.left.unit), Math.floor(event.offsetX / this.left.unit)];
    if (r < 0 || c < 0 || r >= side || c >= side) return;
    if (first) this.inkValue = drawing[r * side + c] > 0.5 ? 0 : 1;
    drawing[r * side + c] = this.inkValue;
    this.explorer.set({ drawing });
  }

  draw(shown, explorer) {
    this.shown = shown;
    this.colors = explorer.colors;
    const narrow = explorer.width < 640;
    this.room = narrow ? Math.min(MOST, Math.floor((explorer.width - 20) / (shown.pooled ? 1.6 : 1.6))) : Math.min(MOST, Math.floor((explorer.width - 200) / (shown.pooled ? 2.6 : 2.1)));
    this.small.box.hidden = !shown.pooled;
    this.weights.forEach((input, k) => { if (document.activeElement !== input) input.value = String(Number(shown.kernel[k].toFixed(2))); });
    const times = Math.round(shown.dense / shown.parameters);
    this.facts.textContent = `This kernel has ${shown.parameters} parameters. A dense layer from the same picture to the same feature map would have ${whole(shown.dense)}: ${whole(times)} times as many.`;
    this.place(this.at.i, this.at.j);
  }

  redraw() {
    const { shown, at, colors } = this;
    const { picture, a, pooled, stride, pad } = shown;
    const unit = this.room / picture.length;
    const grey = Uint32Array.from({ length: 256 }, (_, i) => ((255 << 24) | (i << 16) | (i << 8) | i) >>> 0);
    const flat = picture.flat();
    this.fill(this.left, picture, unit, Uint8Array.from(flat, (v) => v * 255), grey);
    this.frame(this.left, (at.j * stride - pad) * unit, (at.i * stride - pad) * unit, 3 * unit);
    const largest = Math.max(1e-6, ...a.flat().map(Math.abs));
    const levels = (rows) => Uint8Array.from(rows.flat(), (v) => 128.5 + (127 * v) / largest);
    this.fill(this.right, a, unit * Math.min(stride, 2), levels(a), colors.diverging);
    this.frame(this.right, at.j * this.right.unit, at.i * this.right.unit, this.right.unit);
    if (pooled) {
      const size = this.right.unit;
      this.fill(this.small, pooled, size, levels(pooled), colors.diverging);
      const [i, j] = [Math.min(at.i >> 1, pooled.length - 1), Math.min(at.j >> 1, pooled[0].length - 1)];
      this.frame(this.small, j * size, i * size, size);
      this.frame(this.right, j * 2 * size, i * 2 * size, 2 * size);
    }
    this.arithmetic();
  }

  fill(part, rows, unit, levels, table) {
    const [tall, wide] = [rows.length, rows[0].length];
    part.unit = unit;
    part.heading.textContent = `${part.title} ${tall} × ${wide}`;
    const context = (part.context = fitCanvas(part.canvas, Math.round(wide * unit), Math.round(tall * unit)));
    context.imageSmoothingEnabled = false;
    context.drawImage(raster(wide, tall).paint(levels, table), 0, 0, wide * unit, tall * unit);
  }

  frame({ context }, x, y, size) {
    context.lineWidth = 4;
    context.strokeStyle = "rgba(255,255,255,0.9)";
    context.strokeRect(x, y, size, size);
    context.lineWidth = 2;
    context.strokeStyle = "#d55e00";
    context.strokeRect(x, y, size, size);
  }

  arithmetic() {
    const { picture, kernel, bias, stride, pad, z, a, activation } = this.shown;
    const { i, j } = this.at;
    const cells = kernel.map((w, k) => {
      const [r, c] = [i * stride - pad + Math.floor(k / 3), j * stride - pad + (k % 3)];
      const x = picture[r]?.[c];
      return h("span", { class: x === undefined ? "ll-outside" : "" }, `${fixed(x ?? 0)} × ${fixed(w)}`);
    });
    const result = activation === "relu" ? ` → ReLU → ${fixed(a[i][j], 3)}` : "";
    this.sum.replaceChildren(h("div", { class: "ll-terms" }, ...cells),
      h("div", {}, `Their sum ${bias ? `${bias < 0 ? "−" : "+"} ${fixed(Math.abs(bias))} ` : ""}= `, h("b", {}, fixed(z[i][j], 3)), result));
  }
}

export const mount = figure(Convolution);
