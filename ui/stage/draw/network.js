// The network itself: a column of neurons under each card, each neuron the picture of what it computes.

import { fitCanvas, h } from "../dom.js";
import { paint } from "../colors.js";
import { column, edgesBetween, nearestEdge, tracePath } from "./layout.js";

const MOST_EDGES = 700;      // of each pair of columns: the strongest
const WIDTHS = [0.4, 0.9, 1.6, 2.5, 3.6];

export class NetworkView {
  constructor(cards) {
    this.cards = cards;
    this.canvas = h("canvas", { role: "img", "data-view": "network",
      "aria-label": "The network: neurons as pictures of what they compute, weights as lines" });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.caption = h("p", { class: "ll-caption" });
    this.inner = h("div", { class: "ll-net-inner" }, cards.element, this.canvas, this.tip);
    this.element = h("div", { class: "ll-net" }, this.inner, this.caption);
    this.scratch = document.createElement("canvas");
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.point(null));
    this.onHover = () => {};
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
    const { image } = this.scene.data;
    if (image.length === 2) this.boxes[0].image = image;
    this.columns = null;
    const plane = this.scene.data.domain;
    this.caption.textContent = plane
      ? "Each picture is one neuron's answer over the whole input plane; lines are weights: blue positive, orange negative, thicker is stronger. Hover to look closer."
      : "Each square shows one neuron's answers to 64 test examples, sorted by what is true of them; lines are weights: blue positive, orange negative. Hover to look closer.";
  }

  /** Where every neuron stands, for the sizes that this frame brings. */
  place(arrays) {
    const names = ["input", ...this.scene.layers.map((layer) => String(layer.index))];
    this.columns = names.map((name, i) => {
      const maps = arrays[`neurons.${name}`];
      return column(name, maps ? maps.shape[0] : 0, this.boxes[i]);
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
    const weights = this.frame.arrays[`weights.${i - 1}.W`];
    const edges = edgesBetween(this.columns[i - 1], this.columns[i], weights, MOST_EDGES);
    this.edges.push(...edges.map((edge) => ({ ...edge, layer: i - 1 })));
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

  drawColumn(context, col, i) {
    const maps = this.frame.arrays[`neurons.${col.name}`];
    if (!maps) return this.drawShape(context, col, i);
    const pixels = maps.shape[1];
    const side = Math.round(Math.sqrt(pixels));
    this.scratch.width = this.scratch.height = side;
    const scratch = this.scratch.getContext("2d");
    const image = scratch.createImageData(side, side);
    context.imageSmoothingEnabled = side > 16;
    context.lineWidth = 1;
    for (const { unit, x, y } of col.neurons) {
      paint(image, maps.subarray(unit * pixels, (unit + 1) * pixels), this.colors.diverging);
      scratch.putImageData(image, 0, 0);
      context.drawImage(this.scratch, x, y, col.size, col.size);
      const on = this.hovered?.column === i && this.hovered.unit === unit;
      context.strokeStyle = on ? this.colors.ink : this.colors.line;
      if (col.size > 9 || on) context.strokeRect(x + 0.5, y + 0.5, col.size - 1, col.size - 1);
    }
    this.label(context, col, i);
  }

  /** Names beside the inputs, classes beside the outputs, and how many neurons are not shown. */
  label(context, col, i) {
    context.fillStyle = this.colors.quiet;
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    const names = i === 0 ? this.scene.data.features : i === this.columns.length - 1 ? this.scene.data.classes : [];
    if (names.length === col.neurons.length && col.size >= 12 && !this.boxes[i].image) {
      context.textAlign = "center";
      for (const { unit, x, y } of col.neurons) {
        const name = names[unit].length > 16 ? `${names[unit].slice(0, 15)}…` : names[unit];
        context.fillText(name, x + col.size / 2, y + col.size + 8, 110);
      }
    }
    if (col.hidden > 0) {
      context.textAlign = "center";
      context.fillText(`+ ${col.hidden} more`, col.centre, this.height - 8);
    }
  }

  drawShape(context, col, i) {
    const layer = this.scene.layers[i - 1];
    if (!layer?.shape) return;
    context.strokeStyle = this.colors.line;
    context.strokeRect(col.centre - 30, this.height / 2 - 30, 60, 60);
    context.fillStyle = this.colors.quiet;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText(layer.shape.join("×"), col.centre, this.height / 2);
  }

  // -- hovering --------------------------------------------------------------------------------------------------------

  point(event) {
    const place = event && { x: event.offsetX, y: event.offsetY };
    this.hovered = place && this.columns && this.frame?.step !== undefined ? this.find(place) : null;
    this.canvas.style.cursor = this.hovered ? "crosshair" : "";
    this.tip.hidden = !this.hovered;
    this.onHover(this.hovered?.unit === undefined ? null
      : { name: this.columns[this.hovered.column].name, unit: this.hovered.unit, title: this.title(this.hovered) });
    if (this.hovered) this.explain();
  }

  find(place) {
    for (const [i, col] of this.columns.entries()) {
      const hit = col.neurons.find(({ x, y }) => place.x >= x - 1 && place.x <= x + col.size + 1 && place.y >= y - 1
        && place.y <= y + col.size + 1);
      if (hit) return { column: i, unit: hit.unit, place };
    }
    const edge = nearestEdge(this.edges ?? [], place, 5);
    return edge && { edge, place };
  }

  title({ column: i, unit }) {
    const { data, layers } = this.scene;
    if (i === 0) return data.features[unit] ?? `input ${unit + 1}`;
    const layer = layers[i - 1];
    return layer.own ? `${layer.label} layer ${i}, neuron ${unit + 1}` : data.classes[unit] && data.outputs > 1
      ? `output for ${data.classes[unit]}` : "output";
  }

  explain() {
    const { edge, place, column: i, unit } = this.hovered;
    const { arrays } = this.frame;
    let text = "";
    if (edge) {
      const weight = arrays[`weights.${edge.layer}.W`];
      const value = weight?.[edge.from * weight.shape[1] + edge.to];
      text = `weight ${value === undefined ? "" : value.toFixed(4)}, from ${this.title({ column: edge.layer, unit: edge.from })} to ${this.title({ column: edge.layer + 1, unit: edge.to })}`;
    } else {
      const bias = arrays[`weights.${i - 1}.b`]?.[unit];
      const scale = arrays[`neurons.${this.columns[i].name}.scale`]?.[unit];
      text = [this.title(this.hovered), bias === undefined ? "" : `bias ${bias.toFixed(4)}`,
        scale === undefined ? "" : `colours reach ±${scale.toPrecision(3)}`].filter(Boolean).join(" · ");
    }
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(4, Math.min(place.x + 14, this.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${this.canvas.offsetTop + Math.max(0, place.y - 34)}px`;
  }
}
