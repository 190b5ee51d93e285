// Window: how one pixel of a feature map comes about, as a convolution's or a pool's window slides over its input.

import { h } from "../lib/dom.js";
import { extent, heat } from "../draw/heat.js";
import { fixed } from "../lib/format.js";

/** @import { Message, PanelHost, Probe } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const SIZE = 232;            // pixels of the pictures
const REFRESH = 300;         // ms between looks at a run that plays
const SLIDE = 140;           // ms between two places of the window that slides by itself
const BIG = 7;               // kernels larger than this are shown with fewer digits
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export class WindowPanel {
  title = "Window";
  /** @type {Colors} */ colors;
  /** @type {Message | null} */ answer = null;
  /** @type {number} */ askedAt;
  /** @type {number} */ step;
  /** @type {Probe} */ probe;
  /** @type {number} */ cell;
  /** @type {boolean} */ slides;
  /** @type {ReturnType<typeof setInterval>} */ timer;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    const choice = (label, onchange) => h("select", { class: "ll-speed", "aria-label": label, onchange });
    this.layer = choice("Layer with a window", () => this.ask());
    this.filter = choice("Channel of the answer", () => this.pick({ filter: Number(this.filter.value) }));
    this.channel = choice("Channel of the input", () => this.pick({ channel: Number(this.channel.value) }));
    this.sliding = h("button", { type: "button", class: "ll-text-button", onclick: () => this.slide() }, "Slide");
    this.input = h("canvas", { role: "img", "data-view": "window-input" });
    this.map = h("canvas", { role: "img", "data-view": "window-map", tabindex: "0" });
    this.inputTitle = h("h3", {});
    this.mapTitle = h("h3", {});
    this.sums = h("div", { class: "ll-sums" });
    this.empty = h("p", { class: "ll-caption" }, "No layer here has a window. Take data made of pictures, and add a convolution or a pooling layer.");
    this.controls = h("div", { class: "ll-controls" }, this.layer, h("label", {}, "Answer", this.filter), this.channelLabel = h("label", {}, "Input", this.channel), this.sliding);
    const axes = () => h("p", { class: "ll-caption" }, "↓ row   → column");
    this.body = h("div", { class: "ll-window" }, h("div", {}, this.inputTitle, this.input, axes()),
      h("div", {}, this.mapTitle, this.map, axes()), this.sums);
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", {}, this.controls, this.body, this.note, this.empty);
    this.at = { row: 0, column: 0, filter: 0, channel: 0 };
    for (const kind of /** @type {const} */ (["pointermove", "pointerdown"])) this.map.addEventListener(kind, (event) => this.point(event));
    this.map.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
    this.paint();
  }

  opened() {
    this.ask();
  }

  show() {
    this.answer = null;
    this.body.hidden = this.controls.hidden = this.note.hidden = true;
  }

  ask() {
    this.askedAt = performance.now();
    this.stage.ask("window", { layer: this.layer.value });
  }

  /** The numbers of a run that goes on, or that was changed, are asked for again now and then. */
  draw({ step, status }, run) {
    const { probe } = run.scene;
    if ((step === this.step && probe === this.probe) || performance.now() - this.askedAt < (status === "playing" ? REFRESH : 0)) return;
    Object.assign(this, { step, probe });
    this.ask();
  }

  answered({ header, arrays }) {
    if (header.instrument !== "window") return;
    const none = !header.layers?.length;
    this.empty.hidden = !none;
    this.body.hidden = this.controls.hidden = this.note.hidden = none;
    if (none) return;
    const fresh = this.answer?.header.name !== header.name;
    this.answer = { header, arrays };
    const options = (select, list, chosen) => {
      if (select.options.length === list.length && !fresh) return;
      select.replaceChildren(...list.map(([value, text]) => h("option", { value }, text)));
      select.value = chosen;
    };
    const count = (n) => Array.from({ length: n }, (_, i) => [i, `channel ${i + 1}`]);
    options(this.layer, header.layers.map(({ name, title }) => [name, title]), header.name);
    const filters = arrays.a.shape[2];
    if (fresh) this.at = { ...strongest(arrays.a), filter: 0, channel: 0 };
    options(this.filter, count(filters), this.at.filter);
    options(this.channel, count(arrays.x.shape[2]), this.at.channel);
    this.channelLabel.hidden = !arrays.W;
    this.pick({});
  }

  // -- choosing a pixel ----------------------------------------------------------------------------------------------

  point({ offsetX, offsetY }) {
    if (this.answer) this.pick({ row: Math.floor(offsetY / this.cell), column: Math.floor(offsetX / this.cell) });
  }

  key(event) {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    this.pick({ row: this.at.row + move[0], column: this.at.column + move[1] });
  }

  pick(change) {
    if (!this.answer) return;
    const [rows, columns] = this.answer.arrays.a.shape;
    Object.assign(this.at, change);
    this.at.row = Math.max(0, Math.min(rows - 1, this.at.row));
    this.at.column = Math.max(0, Math.min(columns - 1, this.at.column));
    this.paint();
  }

  slide() {
    clearInterval(this.timer);
    this.slides = !this.slides;
    this.sliding.textContent = this.slides ? "Stop" : "Slide";
    if (!this.slides) return;
    this.timer = setInterval(() => {
      if (!this.element.isConnected || !this.answer) return this.slide();
      const [rows, columns] = this.answer.arrays.a.shape;
      const next = (this.at.row * columns + this.at.column + 1) % (rows * columns);
      return this.pick({ row: Math.floor(next / columns), column: next % columns });
    }, SLIDE);
  }

  // -- the picture and the numbers -------------------------------------------------------------------------------------

  paint() {
    if (!this.answer || !this.colors) return;
    const { header, arrays } = this.answer;
    const { row, column, filter } = this.at;
    const channel = arrays.W ? this.at.channel : filter;
    const { size, stride, pad } = header;
    const [height, width, channels] = arrays.x.shape;
    const [rows, columns, filters] = arrays.a.shape;
    const plane = (array, count, which) => Float32Array.from({ length: array.length / count }, (_, i) => array[i * count + which]);
    heat(this.input, { values: plane(arrays.x, channels, channel), rows: height, columns: width, largest: extent(arrays.x), margin: pad,
      frame: { row: row * stride - pad, column: column * stride - pad, height: size, width: size }, size: SIZE }, this.colors);
    this.cell = heat(this.map, { values: plane(arrays.a, filters, filter), rows, columns, largest: extent(arrays.a),
      frame: { row, column, height: 1, width: 1 }, size: SIZE }, this.colors);
    this.inputTitle.textContent = `What reaches it: channel ${channel + 1} of ${channels}`;
    this.mapTitle.textContent = `What it answers: channel ${filter + 1} of ${filters}`;
    this.map.setAttribute("aria-label", `Answers; row ${row + 1}, column ${column + 1}. Arrow keys move the window.`);
    this.input.setAttribute("aria-label", `Input of the layer, with the window at row ${row * stride - pad + 1}, column ${column * stride - pad + 1}`);
    this.sums.replaceChildren(...(arrays.W ? convolution(this.answer, this.at) : pooling(this.answer, this.at)));
    this.note.textContent = arrays.W
      ? `Point at a pixel of the answer, or use the arrow keys. The window's numbers times the kernel's, added up over all channels, plus the bias, through ${header.activation}.${pad ? " Beyond the picture's edge there are zeros." : ""}`
      : `Point at a pixel of the answer, or use the arrow keys. ${header.largest ? "The largest number of the window goes on; the others are forgotten." : "The mean of the window goes on."}`;
  }
}

/** The pixel at which the first channel answers most. */
function strongest(answers) {
  const [rows, columns, filters] = answers.shape;
  let best = 0;
  for (let i = 0; i < rows * columns; i++) if (answers[i * filters] > answers[best * filters]) best = i;
  return { row: Math.floor(best / columns), column: best % columns };
}

/** Input channel c's numbers under the window, row by row; zero beyond the edge. */
function under({ header, arrays }, { row, column }, c) {
  const { size, stride, pad } = header;
  const [height, width, channels] = arrays.x.shape;
  return Array.from({ length: size * size }, (_, i) => {
    const [y, x] = [row * stride - pad + Math.floor(i / size), column * stride - pad + (i % size)];
    return y < 0 || x < 0 || y >= height || x >= width ? 0 : arrays.x[(y * width + x) * channels + c];
  });
}

function convolution(answer, at) {
  const { header, arrays } = answer;
  const [, , channels, filters] = arrays.W.shape;
  const { size } = header;
  const kernel = (c) => Array.from({ length: size * size }, (_, i) => arrays.W[(i * channels + c) * filters + at.filter]);
  const products = (c) => under(answer, at, c).map((x, i) => x * kernel(c)[i]);
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const sums = Array.from({ length: channels }, (_, c) => total(products(c)));
  const bias = arrays.b[at.filter];
  const place = (at.row * arrays.a.shape[1] + at.column) * filters + at.filter;
  const listed = sums.length > 1 ? sums.map((sum, c) => [`channel ${c + 1}`, sum, c === at.channel]) : [["products", sums[0], true]];
  return [h("div", { class: "ll-matrices" }, grid("Window", under(answer, at, at.channel), size), "×", grid("Kernel", kernel(at.channel), size), "=",
    grid("Products", products(at.channel), size, total(products(at.channel)))),
  h("dl", { class: "ll-adding ll-channels" }, ...listed.flatMap(([name, sum, on]) => line(`Sum of ${name}`, sum, on ? "channel-sum" : "", on))),
  h("dl", { class: "ll-adding" }, ...line("Bias", bias, "bias"), ...line("Sum of all", total(sums) + bias, "sum", true),
    ...line(header.off.includes(at.filter) ? "Switched off" : `After ${header.activation}`, arrays.a[place], "answer", true))];
}

function pooling(answer, at) {
  const { header } = answer;
  const values = under(answer, at, at.filter);
  const winner = header.largest ? values.indexOf(Math.max(...values)) : -1;
  const result = header.largest ? values[winner] : values.reduce((sum, value) => sum + value, 0) / values.length;
  return [h("div", { class: "ll-matrices" }, grid("Window", values, header.size, null, winner)),
    h("dl", { class: "ll-adding" }, ...line(header.largest ? "Largest" : "Mean", result, "answer", true))];
}

/** A square of numbers with a name; one of them may be the winner. */
function grid(name, values, size, sum = /** @type {number | null} */ (null), winner = -1) {
  const digits = size > BIG ? 1 : 2;
  const rows = Array.from({ length: size }, (_, r) => h("tr", {}, ...values.slice(r * size, (r + 1) * size).map((value, c) =>
    h("td", { "data-value": value, class: r * size + c === winner ? "ll-winner" : "" }, fixed(value, digits)))));
  return h("figure", {}, h("figcaption", {}, sum === null ? name : `${name}, together ${fixed(sum, 3)}`), h("table", { "data-number": name.toLowerCase() }, ...rows));
}

function line(name, value, key, strong = false) {
  return [h("dt", {}, name), h("dd", { "data-number": key || null, class: strong ? "ll-strong" : "" }, fixed(value, 6))];
}
