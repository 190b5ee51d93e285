// The network itself: a column under each card, with the picture of what the layer computes: neurons, maps or steps.

import { fitCanvas, h } from "../dom.js";
import { column, edgesBetween, nearestEdge, tracePath } from "./layout.js";
import { raster } from "./raster.js";

const MOST_EDGES = 700;      // of each pair of columns: the strongest
const WIDTHS = [0.4, 0.9, 1.6, 2.5, 3.6];
const CAPTIONS = {
  plane: "Each picture is one neuron's answer over the whole input plane; lines are weights: blue positive, orange negative, thicker is stronger. Hover to look closer, click to change.",
  table: "Each square shows one neuron's answers to test examples, sorted by what is true of them; lines are weights: blue positive, orange negative. Hover to look closer, click to change.",
  detail: "Pictures and stripes show what each layer makes of one test example, channel by channel: blue positive, orange negative. Choose another one with the arrows at the instruments.",
};

export class NetworkView {
  constructor(cards) {
    this.cards = cards;
    this.canvas = h("canvas", { role: "img", "data-view": "network",
      "aria-label": "The network: neurons as pictures of what they compute, weights as lines" });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.caption = h("p", { class: "ll-caption" });
    this.inner = h("div", { class: "ll-net-inner" }, cards.element, this.canvas, this.tip);
    this.element = h("div", { class: "ll-net" }, this.inner, this.caption);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.canvas.addEventListener("click", (event) => {
      this.onClick(this.clicked(event), event);
      this.point(null);                  // the tip would lie over the editor
    });
    this.onClick = () => {};
    this.onHover = () => {};
    this.edgesShow = "weights";
  }

  themed(colors) {
    this.colors = colors;
  }

  /** Take the columns' places from the cards: on a new scene and when the box changes. */
  measure() {
    if (!this.scene) return;
    const narrow = this.element.clientWidth < 560;
    this.width = this.inner.clientWidth;
    this.height = narrow ? 320 : 430;
    this.boxes = this.cards.columns.map((card) => ({
      centre: card.offsetLeft + card.offsetWidth / 2, width: card.offsetWidth, height: this.height }));
    const { data } = this.scene;
    if (data.image.length === 2 && data.input_shape.length === 1) this.boxes[0].image = data.image;
    this.names = ["input", ...this.scene.layers.map((layer) => layer.name)];
    this.columns = null;
    const words = CAPTIONS[data.domain ? "plane" : data.text || data.input_shape.length > 1 ? "detail" : "table"];
    this.caption.textContent = this.edgesShow === "weights" ? words : words.replace("lines are weights", "lines are the gradients of the weights");
  }

  /** Where every neuron, map or stripe stands, for the sizes that this frame brings. */
  place(arrays) {
    this.columns = this.names.map((name, i) => {
      for (const kind of ["neurons", "maps", "steps"]) {
        const array = arrays[`${kind}.${name}`];
        if (array) return { ...column(name, kind === "steps" ? 1 : array.shape[0], this.boxes[i], kind), kind, shape: array.shape };
      }
      return { ...column(name, 0, this.boxes[i], "neurons"), kind: i === 0 && this.scene.probe?.tokens.length ? "tokens" : "none" };
    });
  }

  draw(frame) {
    this.frame = frame;
    if (!this.width) return;
    const context = fitCanvas(this.canvas, this.width, this.height);
    context.clearRect(0, 0, this.width, this.height);
    if (frame.step === undefined) return;
    if (!this.columns) this.place(frame.arrays);
    this.edges = [];
    for (let i = 1; i < this.columns.length; i++) this.drawEdges(context, i);
    this.columns.forEach((col, i) => this.drawColumn(context, col, i));
    if (this.hovered) this.explain();
  }

  drawEdges(context, i) {
    const [left, right] = [this.columns[i - 1], this.columns[i]];
    if (left.kind !== "neurons" || right.kind !== "neurons") return this.drawBand(context, left, right);
    const weights = this.frame.arrays[`${this.edgesShow}.${right.name}.W`];
    const edges = edgesBetween(left, right, weights, MOST_EDGES);
    this.edges.push(...edges.map((edge) => ({ ...edge, column: i })));
    const strongest = edges.reduce((most, edge) => Math.max(most, Math.abs(edge.weight)), 1e-9);
    const bins = new Map();
    for (const edge of edges) {
      const share = Math.abs(edge.weight) / strongest;
      const key = edge.weight === null ? "none" : `${edge.weight < 0}:${Math.min(WIDTHS.length - 1, Math.floor(share * WIDTHS.length))}`;
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

  /** Between pictures there are no single weights to draw: a quiet band says that one comes from the other. */
  drawBand(context, left, right) {
    context.fillStyle = this.colors.line;
    context.globalAlpha = 0.45;
    context.beginPath();
    context.moveTo(left.right, left.top);
    context.lineTo(right.left, right.top);
    context.lineTo(right.left, right.bottom);
    context.lineTo(left.right, left.bottom);
    context.fill();
    context.globalAlpha = 1;
  }

  drawColumn(context, col, i) {
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
      if (off.includes(unit)) this.cross(context, x, y, col.size);
    }
    this.label(context, col, i);
  }

  /** What is switched off is crossed out. */
  cross(context, x, y, size) {
    context.strokeStyle = this.colors.ink;
    context.lineWidth = Math.max(1, size / 22);
    context.beginPath();
    context.moveTo(x + 2, y + 2);
    context.lineTo(x + size - 2, y + size - 2);
    context.moveTo(x + size - 2, y + 2);
    context.lineTo(x + 2, y + size - 2);
    context.stroke();
    context.lineWidth = 1;
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
    if (col.kind === "steps") context.fillText("time →", col.centre, col.bottom + 9);
    if (col.hidden > 0) context.fillText(`+ ${col.hidden} more`, col.centre, this.height - 8);
  }

  drawTokens(context, col) {
    this.font(context, "center");
    const tokens = this.scene.probe.tokens.filter((token) => token !== this.scene.data.pad);
    const shown = Math.min(tokens.length, Math.floor(this.height / 17) - 1);
    tokens.slice(0, shown).forEach((token, i) => context.fillText(token.slice(0, 16), col.centre, 16 + i * 17));
    if (shown < tokens.length) context.fillText("…", col.centre, 16 + shown * 17);
  }

  drawShape(context, col, i) {
    const layer = this.scene.layers[i - 1];
    if (!layer?.shape) return;
    context.strokeStyle = this.colors.line;
    context.strokeRect(col.centre - 30, this.height / 2 - 30, 60, 60);
    this.font(context, "center");
    context.fillText(layer.shape.join("×"), col.centre, this.height / 2);
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
    const edge = nearestEdge(this.edges ?? [], place, 5);
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
    const part = { neurons: "neuron", maps: "channel", steps: "units, from the top" }[this.columns[i].kind];
    if (i === 0) return data.features[unit] ?? `input, channel ${unit + 1}`;
    const layer = layers[i - 1];
    if (!layer.own) return data.classes[unit] && data.outputs > 1 ? `output for ${data.classes[unit]}` : "output";
    return `${layer.label} layer ${i}, ${part}${this.columns[i].kind === "steps" ? "" : ` ${unit + 1}`}`;
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
      text = `${word} ${value === undefined ? "" : value.toPrecision(4)}, from ${this.title({ column: i - 1, unit: edge.from })} to ${this.title({ column: i, unit: edge.to })}`;
    } else {
      const bias = arrays[`weights.${name}.b`]?.[unit];
      const scale = arrays[`${kind}.${name}.scale`]?.[unit];
      text = [this.title(this.hovered), bias === undefined ? "" : `bias ${bias.toFixed(4)}`,
        scale === undefined ? "" : `colours reach ±${scale.toPrecision(3)}`].filter(Boolean).join(" · ");
    }
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(4, Math.min(place.x + 14, this.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${this.canvas.offsetTop + Math.max(0, place.y - 34)}px`;
  }
}
