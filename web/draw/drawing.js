// A place to draw a picture of one's own, with mouse, pen or finger.

import { contextOf, h } from "../lib/dom.js";
import { raster } from "./raster.js";
import { throttled } from "../lib/throttle.js";

/** @import { NumberArray } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const SIZE = 168;        // CSS pixels of the field
const GRAIN = 56;        // pixels a side that are sent
const PEN = 13;

export class Drawing {
  /** @type {Colors} */ colors;
  /** @type {NumberArray | null} */ shown = null;
  /** @type {[number, number][] | null} */ stroke = null;

  /** onDraw(rows) gets GRAIN rows of grey values from 0 to 1, while the person draws. */
  constructor(onDraw) {
    this.onDraw = onDraw;
    this.drawn = throttled(() => this.send());
    this.canvas = h("canvas", { width: SIZE, height: SIZE, class: "ll-drawing", role: "img", "data-view": "drawing",
      "aria-label": "Draw here with mouse or finger" });
    this.fresh = h("button", { type: "button", class: "ll-text-button", onclick: () => {
      this.shown = null;
      this.clear();
      this.send();
    } }, "Clear drawing");
    this.element = h("div", {}, this.canvas, this.fresh);
    this.small = document.createElement("canvas");
    this.small.width = this.small.height = GRAIN;
    this.strokes = [];
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.go(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => { this.stroke = null; });
  }

  themed(colors) {
    this.colors = colors;
    this.paint();
  }

  /** Show another picture (channels, rows, columns) of uint8 in the place of the drawing, or the drawing again (null). */
  show(picture) {
    if (!picture && !this.shown) return;
    this.shown = picture;
    this.fresh.textContent = picture ? "Draw your own" : "Clear drawing";
    this.paint();
  }

  clear() {
    this.strokes = [];
    this.paint();
  }

  /** The first stroke over another picture begins a drawing of one's own. */
  begin(event) {
    if (this.shown) this.strokes = [];
    this.shown = null;
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [[event.offsetX, event.offsetY]];
    this.strokes.push(this.stroke);
    this.go(event);
  }

  go(event) {
    if (!this.stroke) return;
    this.stroke.push([event.offsetX, event.offsetY]);
    this.paint();
    this.drawn();
  }

  paint() {
    if (!this.colors) return;
    const context = contextOf(this.canvas);
    if (this.shown) return this.paintShown(context, this.shown);
    this.trace(context, SIZE, this.colors.ink, this.colors.surface);
    if (this.strokes.length) return;
    Object.assign(context, { fillStyle: this.colors.quiet, font: "15px sans-serif", textAlign: "center" });
    context.fillText("Draw here", SIZE / 2, SIZE / 2);
  }

  paintShown(context, shown) {
    const [rows, columns] = shown.shape.slice(-2);
    context.fillStyle = this.colors.surface;
    context.fillRect(0, 0, SIZE, SIZE);
    context.imageSmoothingEnabled = false;
    const scale = SIZE / Math.max(rows, columns);
    const picture = raster(columns, rows).paint(shown, this.colors.diverging);
    context.drawImage(picture, (SIZE - columns * scale) / 2, (SIZE - rows * scale) / 2, columns * scale, rows * scale);
  }

  trace(context, size, ink, paper) {
    context.fillStyle = paper;
    context.fillRect(0, 0, size, size);
    context.strokeStyle = ink;
    context.lineWidth = (PEN * size) / SIZE;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y]) => context.lineTo((x * size) / SIZE, (y * size) / SIZE));
      context.stroke();
    }
  }

  /** Hand over the drawing, white ink on black, small. */
  send() {
    const context = contextOf(this.small, { willReadFrequently: true });
    this.trace(context, GRAIN, "#fff", "#000");
    const { data } = context.getImageData(0, 0, GRAIN, GRAIN);
    this.onDraw(Array.from({ length: GRAIN }, (_, y) => Array.from({ length: GRAIN }, (_, x) =>
      Math.round((data[(y * GRAIN + x) * 4] / 255) * 100) / 100)));
  }
}
