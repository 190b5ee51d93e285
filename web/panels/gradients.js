// Gradients: what flows through each layer, now and over time, and how the selected layer's numbers are spread.

import { h, fitCanvas } from "../lib/dom.js";
import { bars, barsHeight, lines } from "../draw/layer_charts.js";
import { kinds } from "../draw/view_kinds.js";
import { chosen } from "../lib/logsteps.js";

/** @import { Frame, Layer, PanelHost, Scene, View } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

// What is said of each column of the picture "flow"; the scene knows their order.
const MEASURES = {
  gradient: { title: "Gradient", axis: "length of the layer's gradient", log: true,
    look: "With SGD, layers whose gradient is a thousand times smaller than the others' hardly learn. If all of them grow from step to step, the gradient explodes." },
  ratio: { title: "Update to weight", axis: "length of the next update / length of the weights", log: true, usual: 1e-3,
    look: "How far the next step moves each layer, relative to its size. About a thousandth, the dashed line, is usual: far above, the loss jumps; far below, little happens." },
  mean: { title: "Mean activation", axis: "mean of the layer's answers",
    look: "Answers that drift far from zero push the next layer to one side." },
  deviation: { title: "Deviation", axis: "deviation of the layer's answers", log: true,
    look: "It should stay alike from layer to layer: shrinking, the signal dies out; growing, it overflows." },
  zeros: { title: "Zeros", axis: "share of answers that are zero",
    look: "ReLU makes about half of its answers zero. Near one, most units are silent, and silent units do not learn." },
  flat: { title: "Saturation", axis: "share of answers where the function is flat",
    look: "On the flat ends of sigmoid, tanh and gates hardly any gradient comes through. Layers without such a function have no bar." },
};
const MOST = 320;         // moments that are drawn of a run; then half of them are dropped

export class GradientsPanel {
  title = "Gradients";
  /** @type {Map<number, Float32Array>} */ past;
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {Frame} */ frame;
  /** @type {Layer} */ layer;
  /** @type {View[]} */ views;
  /** @type {{view: View, canvas: HTMLCanvasElement}[]} */ charts;
  /** @type {string} */ run;
  /** @type {Float32Array} */ kept;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.measure = "gradient";
    this.forget();
    this.choice = h("select", { class: "ll-speed", "aria-label": "Measure", onchange: () => { this.measure = this.choice.value; this.redraw(); } },
      ...Object.entries(MEASURES).map(([value, { title }]) => h("option", { value }, title)));
    this.logSteps = stage.axis.control(() => this.redraw());
    this.edges = h("input", { type: "checkbox", onchange: () => this.colour(this.edges.checked) });
    this.now = h("canvas", { role: "img", "data-view": "flow", "aria-label": "Each layer now" });
    this.over = h("canvas", { role: "img", "data-view": "flow over time", "aria-label": "Each layer over the steps" });
    this.note = h("p", { class: "ll-caption" });
    this.name = h("h4", {}, "");
    this.spreads = h("div", { class: "ll-spreads" });
    this.spreadNote = h("p", { class: "ll-caption" }, "How often each value occurs in the selected layer (click a card to select one): a gradient that is one tall bar at zero teaches nothing; activations piled up at both ends are saturated.");
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" }, this.choice, h("label", {}, this.edges, "Colour edges by gradient")),
      h("div", { class: "ll-pair" }, h("div", { class: "ll-inspect-frame" }, h("h4", {}, "Now"), this.now),
        h("div", { class: "ll-inspect-frame" }, h("h4", {}, "Over time"), this.over, this.logSteps.element)), this.note,
      this.name, this.spreads, this.spreadNote);
  }

  forget() {
    this.past = new Map();                      // the rows of each moment, by its step
  }

  /** What was before the panel was open, or of other settings, is measured by the run. */
  opened() {
    if (this.scene) this.stage.ask("past");
  }

  answered({ header, arrays }) {
    if (header.instrument !== "past" || !arrays.flow) return;
    const now = this.past.get(this.frame?.step);
    if (header.start === 0) this.forget();
    if (now) this.past.set(this.frame.step, now);
    const size = arrays.flow.length / arrays.steps.length;
    arrays.steps.forEach((step, i) => this.past.set(step, arrays.flow.slice(i * size, (i + 1) * size)));
    this.redraw();
  }

  themed(colors) {
    this.colors = colors;
    if (this.frame) this.redraw();
  }

  show(scene, selected) {
    const run = JSON.stringify([scene.spec.network, scene.spec.data.kind, scene.spec.seed]);
    if (run !== this.run) this.forget();
    this.run = run;
    this.scene = scene;
    this.select(selected);
  }

  /** Of the layer with this index among the person's own, or else of the output. */
  select(index) {
    if (!this.scene) return;
    this.layer = this.scene.layers.find((layer) => layer.own && layer.index === index) ?? this.scene.layers[this.scene.layers.length - 1];
    const wanted = (view) => (view.kind === "distribution" && !view.name.endsWith(".values")) || view.name.endsWith("gradient_through_time");
    this.views = this.layer.views.filter(wanted).slice(0, 8);
    this.name.textContent = `How the numbers are spread in ${this.layer.title}`;
    this.charts = this.views.map((view) => ({ view, canvas: h("canvas", { role: "img", "data-view": view.name, "aria-label": view.title }) }));
    this.spreads.replaceChildren(...this.charts.map(({ view, canvas }) => h("div", { class: "ll-inspect-frame" }, h("h4", {}, view.title), canvas)));
    this.stage.watch();
  }

  needs() {
    return ["flow", ...(this.views ?? []).map((view) => `view:${view.name}`)];
  }

  /** The diagram's lines show gradients instead of weights. */
  colour(on) {
    this.stage.network.edgesShow = on ? "gradients" : "weights";
    this.stage.network.measure();
    this.stage.watch();
    this.stage.schedule();
  }

  draw(frame) {
    this.frame = frame;
    const { flow } = frame.arrays;
    if (!flow || frame.step === undefined) return;
    this.keep(frame, flow);
    this.redraw();
  }

  /** Remember this moment. What a rewind or another way has undone is forgotten. */
  keep({ step, scrubbing }, flow) {
    if (!scrubbing) for (const later of this.past.keys()) if (later > step) this.past.delete(later);
    if (flow === this.kept) return;             // not measured for this frame
    this.kept = flow;
    this.past.set(step, flow.slice());
    if (this.past.size > MOST) this.thin();
  }

  /** Drop half of the moments: what stays is even in the steps as well as in their logarithm. */
  thin() {
    const steps = this.steps();
    const stay = new Set([...chosen(steps, MOST / 4, false), ...chosen(steps, MOST / 4, true)].map((i) => steps[i]));
    for (const step of steps) if (!stay.has(step)) this.past.delete(step);
  }

  steps() {
    return [...this.past.keys()].sort((a, b) => a - b);
  }

  redraw() {
    const flow = this.frame?.arrays.flow;
    if (!flow || !this.element.isConnected) return;
    const measure = MEASURES[this.measure];
    const { layers, columns } = this.scene;
    const value = (row, layer) => row[layer * columns.flow.length + columns.flow.indexOf(this.measure)];
    const hues = layers.map((_, i) => this.hue(i / Math.max(layers.length - 1, 1)));
    const current = layers.map((layer, i) => ({ name: layer.short,
      value: value(flow, i), color: hues[i] }));
    const tall = Math.max(barsHeight(layers.length), 170);
    const about = (canvas) => ({ ...measure, hues, colors: this.colors, height: tall, width: canvas.parentElement.clientWidth });
    const paint = (canvas, work) => {
      const { width } = about(canvas);
      const context = fitCanvas(canvas, width, tall);
      context.clearRect(0, 0, width, tall);
      work(context, about(canvas));
    };
    paint(this.now, (context, details) => bars(context, current, details));
    const steps = this.steps();
    const rows = steps.map((step) => layers.map((_, i) => value(this.past.get(step), i)));
    const here = this.frame.scrubbing ? this.frame.step : null;
    this.logSteps.show();
    paint(this.over, (context, details) => lines(context, { steps, rows, here }, { ...details, logSteps: this.stage.axis.log }));
    this.over.dataset.steps = steps.join(" ");
    this.now.dataset.values = current.map(({ value }) => value).join(" ");
    const none = measure.log && current.some(({ value }) => value === 0) ? "A layer without a bar has exactly 0, which has no place on this scale. " : "";
    this.note.textContent = `${none}${measure.look} Colours run from the first layer, dark, to the last, bright; the lines have the colours of the bars.`;
    for (const { view, canvas } of this.charts) this.spread(view, canvas);
  }

  spread(view, canvas) {
    const array = this.frame.arrays[`view:${view.name}`];
    if (!array) return;
    const width = canvas.parentElement.clientWidth;
    const { draw, height } = kinds[view.kind];
    const about = { view, colors: this.colors, width, height: height(array, { width }), range: this.frame.arrays[`view:${view.name}.range`] };
    const context = fitCanvas(canvas, width, about.height);
    context.clearRect(0, 0, width, about.height);
    draw(context, array, about);
  }

  /** A colour of the sequential scale for a depth from 0 to 1, away from the end that the page's background has. */
  hue(depth) {
    const [from, to] = this.colors.dark ? [80, 255] : [0, 205];
    const packed = this.colors.sequential[Math.round(from + depth * (to - from))];
    return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
  }
}
