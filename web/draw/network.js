// The network itself: a column under each card, with the picture of what the layer computes: neurons, maps or steps.

import { fitCanvas, h } from "../lib/dom.js";
import { answerColumn, answerLines, drawAnswer, inWords } from "./answer.js";
import { captionOf, crossOut, drawBand, drawSpans, shownBy } from "./columns.js";
import { column, edgesBetween, nearestEdge, tracePath } from "./layout.js";
import { raster } from "./raster.js";
import { Row } from "./row.js";
import { fixed, precise } from "../lib/format.js";

/** @import { EditTarget, Frame, Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const MOST_EDGES = 700;      // of each pair of columns: the strongest
const WIDTHS = [0.4, 0.9, 1.6, 2.5, 3.6];
const FOOT = 24;             // pixels below the columns, where it says what they show
const ROOMY = 70;            // pixels of a column that has room for "+ 104 more"

export class NetworkView {
  /** @type {Scene} */ scene;
  /** @type {Colors} */ colors;
  /** @type {Frame} */ frame;
  /** @type {number} */ width;
  /** @type {number} */ height;
  /** @type {any[]} */ boxes;
  /** @type {string[]} */ names;
  /** @type {any[]} */ edges;
  /** @type {any[]} */ lines;
  /** @type {any} */ columns;
  /** @type {any} */ hovered;
  /** @type {(target: EditTarget | null, event: MouseEvent) => void} */ onClick = () => {};
  /** @type {(neuron: {name: string, unit: number, title: string} | null) => void} */ onHover = () => {};

  constructor(cards) {
    this.cards = cards;
    this.canvas = h("canvas", { role: "img", "data-view": "network",
      "aria-label": "The network: neurons as pictures of what they compute, weights as lines" });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.caption = h("p", { class: "ll-caption" });
    this.row = new Row(cards, h("div", { class: "ll-net-inner" }, cards.element, this.canvas, this.tip), () => this.resized());
    this.element = h("div", { class: "ll-net" }, this.row.element, this.row.sizing, this.caption);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => {
      this.onClick(this.clicked(event), event);
      this.point(null);                  // the tip would lie over the editor
    });
    this.edgesShow = "weights";
  }

  themed(colors) {
    this.colors = colors;
  }

  /** Take the columns' places from the cards: on a new scene and when the box changes. */
  measure() {
    if (!this.scene) return;
    const { data, layers } = this.scene;
    const { width, boxes } = this.row.fit();
    this.width = width;
    this.height = (this.element.clientWidth < 560 ? 320 : 430) + (data.domain ? 0 : FOOT);
    this.boxes = boxes.map((box) => ({ ...box, height: this.height - (data.domain ? 0 : FOOT) }));
    if (data.image.length === 2 && data.input_shape.length === 1) this.boxes[0].image = data.image;
    this.names = ["input", ...layers.map((layer) => layer.name)];
    this.columns = null;
  }

  resized() {
    this.measure();
    if (this.frame) this.draw(this.frame);
  }

  /** What must be watched for the diagram. */
  needs() {
    return ["neurons", "maps", this.edgesShow, ...(this.scene && !this.scene.data.domain ? ["answer"] : [])];
  }

  /** Where every neuron, map or stripe stands, for the sizes that this frame brings. */
  place(arrays) {
    this.columns = this.names.map((name, i) => this.placeColumn(name, i, arrays));
    this.tell();
  }

  /** Say what the columns show. */
  tell() {
    this.texts = this.columns.map((col) => shownBy(col, this.scene));
    this.caption.textContent = captionOf(this.columns, this.scene, this.edgesShow);
  }

  /** The lines of an answer change from frame to frame, and the first one comes later than the layers. */
  follow(last, arrays) {
    const { kind } = this.columns[last];
    if (!this.answers(last, arrays)) return;
    this.columns[last] = this.placeColumn(this.names[last], last, arrays);
    if (kind !== "answer") this.tell();
    this.canvas.dataset.answer = inWords(this.lines);          // for whoever cannot see the canvas
  }

  placeColumn(name, i, arrays) {
    if (this.answers(i, arrays)) return answerColumn(name, this.lines, this.boxes[i]);
    for (const kind of ["neurons", "maps", "steps"]) {
      const array = arrays[`${kind}.${name}`];
      if (array) return { ...column(name, kind === "steps" ? 1 : array.shape[0], this.boxes[i], kind), kind, shape: array.shape };
    }
    return { ...column(name, 0, this.boxes[i], "neurons"), kind: i === 0 && this.scene.probe?.tokens.length ? "tokens" : "none" };
  }

  /** Whether this is the output column and shows an answer, which may have more or fewer lines than the last time. */
  answers(i, arrays) {
    if (i !== this.names.length - 1 || this.scene.data.domain || !arrays.answer || !this.scene.probe) return false;
    this.lines = answerLines(arrays.answer, this.scene);
    return true;
  }

  draw(frame) {
    this.frame = frame;
    if (!this.width) return;
    const context = fitCanvas(this.canvas, this.width, this.height);
    context.clearRect(0, 0, this.width, this.height);
    if (frame.step === undefined) return;
    if (!this.columns) this.place(frame.arrays);
    const last = this.columns.length - 1;
    this.follow(last, frame.arrays);
    this.edges = [];
    for (let i = 1; i <= last; i++) this.drawEdges(context, i);
    this.columns.forEach((col, i) => this.drawColumn(context, col, i));
    drawSpans(context, this);
    if (this.hovered) this.explain();
  }

  drawEdges(context, i) {
    const [left, right] = [this.columns[i - 1], this.columns[i]];
    const single = right.kind === "neurons" || (right.kind === "answer" && right.lines.some(({ unit }) => unit !== null));
    if (left.kind !== "neurons" || !single) return drawBand(context, left, right, this.colors);
    const weights = this.frame.arrays[`${this.edgesShow}.${right.name}.W`];
    const edges = edgesBetween(left, right, weights, MOST_EDGES);
    this.edges.push(...edges.map((edge) => ({ ...edge, column: i })));
    const strongest = edges.reduce((most, { weight }) => Math.max(most, Math.abs(weight ?? 0)), 1e-9);
    const bins = new Map();
    for (const edge of edges) {
      const weight = edge.weight ?? 0;
      const share = Math.abs(weight) / strongest;
      const key = edge.weight === null ? "none" : `${weight < 0}:${Math.min(WIDTHS.length - 1, Math.floor(share * WIDTHS.length))}`;
      if (!bins.has(key)) bins.set(key, new Path2D());
      tracePath(bins.get(key), edge);
    }
    for (const [key, path] of bins) {
      const [negative, width] = key.split(":");
      const strength = key === "none" ? 0 : Number(width);
      context.strokeStyle = key === "none" ? this.colors.quiet : negative === "true" ? this.colors.negative : this.colors.positive;
      context.globalAlpha = key === "none" ? 0.45 : 0.18 + 0.16 * strength;
      context.lineWidth = WIDTHS[strength];
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  drawColumn(context, col, i) {
    if (col.kind === "answer") return drawAnswer(context, col, this.colors, this.scene.task);
    const array = this.frame.arrays[`${col.kind}.${col.name}`];
    if (col.kind === "tokens") return this.drawTokens(context, col);
    if (!array) return this.drawShape(context, col, i);
    const [rows, columns] = col.kind === "neurons" ? [Math.sqrt(array.shape[1]), Math.sqrt(array.shape[1])].map(Math.round)
      : array.shape.slice(-2);
    const pictures = raster(columns, rows * col.neurons.length).paint(array, this.colors.diverging);     // below each other
    context.imageSmoothingEnabled = col.kind === "neurons" && rows > 16;
    context.lineWidth = 1;
    const off = (col.kind !== "steps" && this.scene.layers[i - 1]?.settings.off) || [];
    for (const { unit, x, y } of col.neurons) {
      context.drawImage(pictures, 0, unit * rows, columns, rows, x, y, col.size, col.tall ?? col.size);
      const on = this.hovered?.column === i && this.hovered.unit === unit;
      context.strokeStyle = on ? this.colors.ink : this.colors.line;
      if (col.size > 9 || on) context.strokeRect(x + 0.5, y + 0.5, col.size - 1, (col.tall ?? col.size) - 1);
      if (off.includes(unit)) crossOut(context, x, y, col.size, this.colors);
    }
    this.label(context, col, i);
  }

  font(context, align) {
    context.fillStyle = this.colors.quiet;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = align;
    context.textBaseline = "middle";
  }

  /** Names under the inputs, classes under the outputs, and how many neurons are not shown. */
  label(context, col, i) {
    this.font(context, "center");
    const names = i === 0 ? this.scene.data.features : i === this.columns.length - 1 ? this.scene.data.classes : [];
    if (col.kind === "neurons" && names.length === col.neurons.length && col.size >= 12 && !this.boxes[i].image) {
      for (const { unit, x, y } of col.neurons) {
        const name = names[unit].length > 16 ? `${names[unit].slice(0, 15)}…` : names[unit];
        context.fillText(name, x + col.size / 2, y + col.size + 8, 110);
      }
    }
    if (col.kind === "steps") context.fillText("time →", col.centre, col.bottom + 9, this.boxes[i].width + 12);
    if (col.hidden > 0) {
      const { width, height } = this.boxes[i];
      context.fillText(`+ ${col.hidden}${width < ROOMY ? "" : " more"}`, col.centre, height - 8, width + (width < ROOMY ? 0 : 14));
    }
  }

  drawTokens(context, col) {
    this.font(context, "center");
    const tokens = this.scene.probe.tokens.filter((token) => token !== this.scene.data.pad);
    const shown = Math.min(tokens.length, Math.floor(this.boxes[0].height / 17) - 1);
    const room = Math.max(this.boxes[0].width, 40);
    tokens.slice(0, shown).forEach((token, i) => context.fillText(token.slice(0, 16), col.centre, 16 + i * 17, room));
    if (shown < tokens.length) context.fillText("…", col.centre, 16 + shown * 17);
  }

  drawShape(context, col, i) {
    const layer = this.scene.layers[i - 1];
    if (!layer?.shape) return;
    context.strokeStyle = this.colors.line;
    const side = Math.min(60, this.boxes[i].width);
    context.strokeRect(col.centre - side / 2, this.boxes[i].height / 2 - 30, side, 60);
    this.font(context, "center");
    context.fillText(layer.shape.join("×"), col.centre, this.boxes[i].height / 2, side - 4);
  }

  // -- hovering --------------------------------------------------------------------------------------------------------

  point(event) {
    const place = event && { x: event.offsetX, y: event.offsetY };
    this.hovered = place && this.columns && this.frame?.step !== undefined ? this.find(place) : null;
    this.canvas.style.cursor = this.hovered ? "crosshair" : "";
    this.tip.hidden = !this.hovered;
    const col = this.hovered && this.columns[this.hovered.column];
    this.onHover(this.hovered?.unit === undefined || col.kind !== "neurons" ? null
      : { name: col.name, unit: this.hovered.unit, title: this.title(this.hovered) });
    if (this.hovered) this.explain();
  }

  find(place) {
    for (const [i, col] of this.columns.entries()) {
      const hit = col.neurons.find(({ x, y }) => place.x >= x - 1 && place.x <= x + col.size + 1 && place.y >= y - 1
        && place.y <= y + (col.tall ?? col.size) + 1);
      if (hit) return { column: i, unit: hit.unit, place };
    }
    /** @type {any} */ const edge = nearestEdge(this.edges ?? [], place, 5);
    return edge && { edge, column: edge.column, place };
  }

  /** What a click is on, for the editor: a weight, or a neuron with its bias; null beside them. */
  clicked(event) {
    const hit = this.columns && this.frame?.step !== undefined && this.find({ x: event.offsetX, y: event.offsetY });
    if (!hit || !hit.column) return null;
    const { name, kind } = this.columns[hit.column];
    const layer = this.scene.layers[hit.column - 1];
    const parameter = (short, index, label) => ({ name: `${name}.${short}`, index, label, from: `weights.${name}.${short}` });
    if (hit.edge) {
      const { from, to } = hit.edge;
      return { title: `Weight from ${this.title({ column: hit.column - 1, unit: from })} to ${this.title({ column: hit.column, unit: to })}`,
        layer, unit: null, parameter: parameter("W", [from, to], "Weight value") };
    }
    const unit = kind === "steps" ? null : hit.unit;
    const bias = unit !== null && this.frame.arrays[`weights.${name}.b`]?.[unit] !== undefined;
    return { title: this.title(hit), layer, unit, parameter: bias ? parameter("b", [unit], "Bias value") : null };
  }

  title({ column: i, unit }) {
    const { data, layers } = this.scene;
    const part = { neurons: "neuron", answer: "neuron", maps: "channel", steps: "units, from the top" }[this.columns[i].kind];
    if (i === 0) return data.features[unit] ?? `input, channel ${unit + 1}`;
    const layer = layers[i - 1];
    if (!layer.own) return data.classes[unit] && data.outputs > 1 ? `${layer.title} for ${data.classes[unit]}` : layer.title;
    return `${layer.title}, ${part}${this.columns[i].kind === "steps" ? "" : ` ${unit + 1}`}`;
  }

  explain() {
    const { edge, place, column: i, unit } = this.hovered;
    const { arrays } = this.frame;
    const { name, kind } = this.columns[i];
    let text = "";
    if (edge) {
      const values = arrays[`${this.edgesShow}.${name}.W`];
      const value = values?.[edge.from * values.shape[1] + edge.to];
      const word = this.edgesShow === "weights" ? "weight" : "gradient of the weight";
      text = `${word} ${value === undefined ? "" : precise(value)}, from ${this.title({ column: i - 1, unit: edge.from })} to ${this.title({ column: i, unit: edge.to })}`;
    } else {
      const bias = arrays[`weights.${name}.b`]?.[unit];
      const scale = arrays[`${kind}.${name}.scale`]?.[unit];
      text = [this.title(this.hovered), bias === undefined ? "" : `bias ${fixed(bias, 4)}`,
        scale === undefined ? "" : `colours reach ±${precise(scale, 3)}`].filter(Boolean).join(" · ");
    }
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(4, Math.min(place.x + 14, this.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${this.canvas.offsetTop + Math.max(0, place.y - 34)}px`;
  }
}
