// Series: the example as lines over time, what the network answers, and below, step under step, what it remembers of it.

import { fitCanvas, h } from "../lib/dom.js";
import { overTime, plan, under, valueAt } from "../draw/overtime.js";
import { answerOf, curveRow, featureRows, gateRows, lookingRow } from "../draw/rows.js";
import { throttled } from "../lib/throttle.js";
import { Readout } from "./readout.js";

/** @import { Frame, Layer, PanelHost, Scene, View } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class SeriesPanel {
  title = "Series";
  leads = true;
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {{step: number | null, unit: number}} */ at;
  /** @type {View[]} */ views = [];
  /** @type {Layer | null} */ layer;
  /** @type {any} */ pen = null;
  /** @type {any} */ plan;
  /** @type {any[] | null} */ rows;
  /** @type {any} */ own = null;
  /** @type {Frame} */ frameShown;
  /** @type {boolean} */ draws;
  /** @type {number} */ index;
  /** @type {string} */ text;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.said = h("p", { class: "ll-series-said", role: "status" });
    this.readout = new Readout();
    this.canvas = h("canvas", { role: "img", "data-view": "series", tabindex: "0" });
    this.frame = h("div", { class: "ll-inspect-frame" }, this.canvas);
    this.change = h("button", { type: "button", class: "ll-text-button", "aria-pressed": "false", onclick: () => this.changing(!this.draws) }, "Change it by hand");
    this.back = h("button", { type: "button", class: "ll-text-button", hidden: true, onclick: () => this.goBack() }, "Back to the test example");
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", { class: "ll-series" }, this.said, h("div", { class: "ll-series-tools" }, this.change, this.back),
      this.readout.element, this.frame, this.note);
    this.at = { step: null, unit: 0 };
    this.sent = throttled(() => stage.send({ op: "probe", own: this.own.rows }));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => { this.pen = null; });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
  }

  suits(scene) {
    return scene.data.input_shape.length === 2 && !scene.data.text;
  }

  show(scene, selected) {
    const fresh = this.scene?.data.name !== scene.data.name;
    this.scene = scene;
    if (fresh) this.at = { step: null, unit: 0 };
    if (fresh) this.changing(false);
    this.select(selected);
  }

  /** The layer with this index if it shows anything over time, else the last one that does. */
  select(index) {
    if (!this.scene || !this.suits(this.scene)) return;
    const telling = this.scene.layers.filter((layer) => overTimeOf(layer).length);
    this.layer = telling.find((layer) => layer.own && layer.index === index) ?? telling.at(-1) ?? null;
    this.views = this.layer ? overTimeOf(this.layer) : [];
    this.note.textContent = this.layer
      ? `Below the series is what ${this.layer.title} keeps of it. All that stands below each other is of one step: point at it, or use the arrow keys, and read its numbers above.${telling.length > 1 ? " Click another layer's card to see that layer." : ""}`
      : "No layer here keeps anything from step to step. Add an RNN, LSTM or GRU layer to see its state below the series.";
    this.stage.watch();
  }

  needs() {
    return ["series", "answer", ...this.views.map((view) => `view:${view.name}`)];
  }

  draw(frame) {
    const { arrays } = frame;
    if (!arrays.series) return;
    const { data, probe } = this.scene;
    const steps = arrays.series.shape[0];
    const forecast = arrays["series.forecast"];
    this.frameShown = frame;
    if (probe.index >= 0) this.forget(probe.index);
    this.back.hidden = probe.index >= 0;
    this.rows = this.rowsOf(arrays, steps);
    if (!this.rows) return;
    this.plan = plan(this.rows, { width: this.frame.clientWidth, steps, ahead: data.continues && forecast ? forecast.length : 0 });
    const at = { step: Math.min(this.at.step ?? steps - 1, steps + this.plan.ahead - 1), unit: this.at.unit };
    const context = fitCanvas(this.canvas, this.frame.clientWidth, this.plan.height);
    context.clearRect(0, 0, this.frame.clientWidth, this.plan.height);
    overTime(context, this.plan, this.colors, at);
    this.say(answerOf(arrays, this.scene));
    this.readout.show(at, this.plan);
    this.canvas.setAttribute("aria-label", `${this.rows.map(({ title }) => title).join(", ")}, over ${steps} steps; step ${at.step + 1}, unit ${at.unit + 1} is marked`);
  }

  /** The rows of the picture; null while what belongs to this series is still on its way. Of one's own series nobody
   *  knows the truth: it has no loss, and so no gradient. */
  rowsOf(arrays, steps) {
    const own = this.scene.probe.index < 0;
    const inner = this.views.filter(({ kind }) => kind !== "curve" || !own).flatMap((view) => {
      const array = arrays[`view:${view.name}`];
      if (!array) return [];
      if (view.kind === "gates") return gateRows(array, view, arrays[`view:${view.name}.of`]?.[0]);
      return view.kind === "attention" ? lookingRow(array) : curveRow(array, view.title, this.colors.positive);
    });
    const fits = ({ kind, values, steps: own }) => (kind === "line" ? values.length : own) === steps;
    if (!inner.every(fits)) return null;
    return [...featureRows(arrays, this.scene.data, this.colors, this.pen?.rows), ...inner];
  }

  say(parts) {
    const text = JSON.stringify(parts);
    if (text === this.text) return;
    this.text = text;
    this.said.replaceChildren(...parts.map((part) => (typeof part === "string" ? part : h("b", { "data-number": part.name }, part.text))));
  }

  // -- pointing ------------------------------------------------------------------------------------------------------

  point(event) {
    if (!this.plan) return;
    if (this.pen) this.paint(event);
    const hit = under(this.plan, { x: event.offsetX, y: event.offsetY });
    if (!hit) return;
    this.at = { step: hit.step, unit: hit.unit ?? this.at.unit };
    this.stage.schedule();
  }

  key(event) {
    const move = MOVES[event.key];
    if (!move || !this.plan) return;
    event.preventDefault();
    event.stopPropagation();
    const { steps, ahead, placed } = this.plan;
    const units = Math.max(1, ...placed.map(({ row }) => row.units ?? 1));
    this.at = { step: Math.max(0, Math.min(steps + ahead - 1, (this.at.step ?? steps - 1) + move[0])),
      unit: Math.max(0, Math.min(units - 1, this.at.unit + move[1])) };
    this.stage.schedule();
  }

  // -- a series of one's own -----------------------------------------------------------------------------------------

  changing(on) {
    this.draws = on;
    this.change.setAttribute("aria-pressed", String(on));
    this.change.textContent = on ? "Drag the curve, or click a mark" : "Change it by hand";
    this.element.classList.toggle("ll-series-changing", on);
  }

  press(event) {
    const hit = this.draws && this.plan && under(this.plan, { x: event.offsetX, y: event.offsetY });
    if (hit?.place?.row.feature === undefined || !hit) return this.point(event);
    this.canvas.setPointerCapture(event.pointerId);
    const { series } = this.frameShown.arrays;
    const [steps, features] = series.shape;
    this.own ??= { rows: Array.from({ length: steps }, (_, step) => Array.from(series.subarray(step * features, (step + 1) * features))) };
    this.pen = { place: hit.place, rows: this.rows, last: null };
    return this.point(event);
  }

  /** The values from the last place of the pointer to this one. */
  paint({ offsetX, offsetY }) {
    const { place, last } = this.pen;
    const step = Math.max(0, Math.min(this.plan.steps - 1, Math.floor((offsetX - this.plan.left) / this.plan.pitch)));
    const from = last ?? { step, y: offsetY };
    const count = Math.max(1, Math.abs(step - from.step));
    for (let k = last ? 1 : 0; k <= count; k++) {
      const share = k / count;
      const at = Math.round(from.step + share * (step - from.step));
      this.own.rows[at][place.row.feature] = valueAt(place, from.y + share * (offsetY - from.y));
    }
    this.pen.last = { step, y: offsetY };
    this.sent();
  }

  /** A test example is looked at: what was drawn over another one is done with. */
  forget(index) {
    if (!this.pen) this.own = null;
    this.index = index;
  }

  goBack() {
    this.stage.send({ op: "probe", index: this.index ?? 0 });
  }
}

/** What a layer shows step by step: states, gates, gradients, and one question's attention. */
function overTimeOf(layer) {
  const order = ["attention", "gates", "curve"];
  return layer.views.filter(({ kind, axes }) => kind === "gates" || (kind === "curve" && axes[0] === "step")
    || (kind === "attention" && layer.shape?.length === 1)).sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}
