// The output: what the network answers everywhere on the input plane, with the data's points on it.

import { fitCanvas, h } from "../lib/dom.js";
import { Upsample } from "./upsample.js";
import { Pen } from "./pen.js";
import { raster } from "./raster.js";
import { minus } from "../lib/format.js";

/** @import { Frame, Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const FINER = 4;     // times as fine as the probed grid is the edge between two classes drawn
const EDGE = 34;     // room for the axes

export class OutputView {
  /** @type {Scene} */ scene;
  /** @type {Colors} */ colors;
  /** @type {Frame} */ frame;
  /** @type {number} */ size;
  /** @type {boolean | null} */ dotted;
  /** @type {boolean} */ asks;
  /** @type {{name: string, unit: number, title: string} | null} */ focus = null;

  /** onPoints(points): the person has placed or taken away one of their own points. onDraft(): they have too few to learn
   *  from. onPlace([x1, x2]): they have clicked a place that they ask about. */
  constructor({ onPoints, onDraft, onPlace }) {
    this.canvas = h("canvas", { role: "img", "data-view": "boundary", "aria-label": "The network's answer over the input plane" });
    this.title = h("h3", {}, "Output");
    this.legend = h("div", { class: "ll-legend" });
    this.test = this.toggle("Show test points", false);
    this.hard = this.toggle("Discretise", false);
    this.caption = h("p", { class: "ll-caption" });
    this.pen = new Pen(this.canvas, (event) => this.place(event), { onPoints,
      onDraft: () => { this.dotted = null; this.describe(); onDraft(); } });
    this.canvas.addEventListener("click", (event) => {
      const place = !this.pen.points && this.scene && this.place(event);
      if (place) onPlace([place.x1, place.x2]);
    });
    this.element = h("div", { class: "ll-output" }, this.title, this.canvas, this.legend, this.pen.element,
      h("div", { class: "ll-toggles" }, this.test.label, this.hard.label), this.caption);
    this.finer = new Upsample(FINER);
    this.dots = document.createElement("canvas");
    this.focus = null;
  }

  toggle(text, checked) {
    const box = h("input", { type: "checkbox", checked, onchange: () => { this.dotted = null; this.draw(this.frame); } });
    return { box, label: h("label", {}, box, text) };
  }

  themed(colors) {
    this.colors = colors;
    this.dotted = null;
    if (this.scene) this.describe();
  }

  measure() {
    if (!this.scene) return;
    const plane = Boolean(this.scene.data.domain);
    this.element.hidden = !plane;
    this.size = Math.max(200, Math.min(300, this.element.clientWidth)) - EDGE;
    this.dotted = null;
    this.pen.setup(this.scene, this.colors);
    this.describe();
  }

  /** From where to where both axes go. */
  get reach() {
    return /** @type {[number, number]} */ (this.scene.data.domain);
  }

  /** Where on the plane an event on the canvas happened: {x1, x2, reach}, or null beside it. */
  place(event) {
    const [low, high] = this.reach;
    const [x, y] = [(event.offsetX - EDGE) / this.size, 1 - event.offsetY / this.size];
    const inside = x >= 0 && x <= 1 && y >= 0 && y <= 1;
    return inside ? { x1: low + x * (high - low), x2: low + y * (high - low), reach: (8 / this.size) * (high - low) } : null;
  }

  /** Whether a place can be asked about, since an instrument tells about one. */
  offer(asks) {
    this.asks = asks;
    if (this.scene) this.describe();
  }

  describe() {
    const { task, data } = this.scene;
    const chip = (colour, text) => h("span", {}, h("i", { style: `background:${colour}` }), text);
    if (task === "multiclass") {
      this.legend.replaceChildren(...data.classes.map((name, i) => chip(this.colors.ofClass(i), name)));
    } else {
      const [low, high] = task === "regression" ? ["−1", "+1"] : data.classes;
      this.legend.replaceChildren(h("span", {}, low), h("i", { class: "ll-scale",
        style: `background:linear-gradient(90deg, ${this.colors.negative}, ${this.colors.middle}, ${this.colors.positive})` }),
      h("span", {}, high));
    }
    this.hard.label.hidden = task === "regression";
    this.canvas.style.cursor = this.pen.points || this.asks ? "crosshair" : "";
    this.caption.textContent = this.pen.missing || (task === "regression"
      ? "The colour is the network's prediction; dots are the data in the same colours. Where dots vanish into the background, it is right."
      : "The colour is the network's answer, pale where it is unsure; dots are the data. Dots on their own colour are right.");
  }

  draw(frame) {
    this.frame = frame;
    if (!frame || !this.size || !this.scene?.data.domain) return;
    const { size } = this;
    const context = fitCanvas(this.canvas, size + EDGE, size + EDGE);
    context.clearRect(0, 0, size + EDGE, size + EDGE);                // where nothing trains, only the data is there
    const map = this.paintMap(frame);
    context.imageSmoothingEnabled = !this.hard.box.checked || map?.width < 64;
    if (map && !this.pen.missing) context.drawImage(map, EDGE, 0, size, size);
    if (!this.dotted) this.drawDots();
    context.drawImage(this.dots, EDGE, 0, size, size);
    if (this.asks && this.scene.probe?.place) this.drawPlace(context, this.scene.probe.place);
    this.axes(context);
    const title = this.focus?.title ?? "Output";
    if (this.title.textContent !== title) this.title.textContent = title;
  }

  /** A canvas with the answer of the whole network, or of the neuron under the pointer; null where none has come. */
  paintMap({ arrays }) {
    const { focus } = this;
    const maps = focus && arrays[`neurons.${focus.name}`];
    const values = maps ? maps.subarray(focus.unit * maps.shape[1], (focus.unit + 1) * maps.shape[1])
      : arrays.boundary;
    if (!values) return null;
    const side = Math.round(Math.sqrt(values.length));
    const binary = !maps && this.scene.task === "binary";
    const map = binary ? raster(side * FINER, side * FINER) : raster(side, side);
    const hard = this.hard.box.checked && !maps;
    if (!maps && arrays["boundary.class"]) return this.paintClasses(map, values, arrays["boundary.class"], hard);
    if (!binary) return map.paint(values, this.colors.diverging);
    return map.paint(this.finer.of(values, side), this.colors.logits(this.scene.columns.logit, hard));
  }

  paintClasses(map, confidence, classes, hard) {
    const { pixels } = map;
    for (let i = 0; i < pixels.length; i++) pixels[i] = this.colors.classRows[classes[i] % 10][hard ? 255 : confidence[i]];
    return map.drawn();
  }

  /** The points, drawn once and laid over every frame. */
  drawDots() {
    const { size, scene, colors } = this;
    const context = fitCanvas(this.dots, size, size);
    context.clearRect(0, 0, size, size);
    const [low, high] = this.reach;
    const place = (value) => ((value - low) / (high - low)) * size;
    const draw = (rows, ring) => {
      for (let i = 0; i < rows.length; i += 3) {
        context.beginPath();
        context.arc(place(rows[i]), size - place(rows[i + 1]), 2.8, 0, 7);
        context.fillStyle = this.dotColour(rows[i + 2]);
        context.fill();
        context.strokeStyle = ring;
        context.lineWidth = 0.8;
        context.stroke();
      }
    };
    draw(this.pen.missing ? this.pen.points?.flat() ?? [] : scene.arrays["points.train"], colors.surface);
    if (this.test.box.checked && !this.pen.missing) draw(scene.arrays["points.test"], colors.ink);
    this.dotted = true;
  }

  /** A ring around the place that an instrument tells about.
   * @param {CanvasRenderingContext2D} context
   * @param {number[]} place */
  drawPlace(context, [x1, x2]) {
    const [low, high] = this.reach;
    const at = (value) => ((value - low) / (high - low)) * this.size;
    for (const [colour, width] of [[this.colors.surface, 5], [this.colors.ink, 2]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: width });
      context.beginPath();
      context.arc(EDGE + at(x1), this.size - at(x2), 7, 0, 7);
      context.stroke();
    }
  }

  dotColour(y) {
    if (this.scene.task !== "regression") return this.colors.ofClass(y);      // of two: the ends of the diverging scale
    const packed = this.colors.diverging[Math.round(Math.max(-1, Math.min(1, y)) * 127 + 128)];
    return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
  }

  axes(context) {
    const { size } = this;
    const [low, high] = this.reach;
    context.fillStyle = this.colors.quiet;
    context.font = "11px system-ui, sans-serif";
    context.strokeStyle = this.colors.line;
    context.lineWidth = 1;
    context.strokeRect(EDGE + 0.5, 0.5, size - 1, size - 1);
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const [value, x] of [[low, 8], [(low + high) / 2, size / 2], [high, size - 6]]) context.fillText(minus(String(value)), EDGE + x, size + 5);
    context.fillText("x1", EDGE + size / 2, size + 19);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const [value, y] of [[high, 7], [(low + high) / 2, size / 2], [low, size - 6]]) context.fillText(minus(String(value)), EDGE - 5, y);
    context.fillText("x2", EDGE - 18, size / 2);
  }
}
