// Example: what the network says of one example, and a place to give it one's own: draw, type, or click.

import { h } from "../dom.js";
import { Drawing } from "../draw/drawing.js";
import { paintPixels } from "../draw/pixels.js";
import { promptly } from "../promptly.js";
import { share as percent } from "../written.js";

const MOST = 8;              // classes or words listed where there are many
const FEW = 10;              // classes that keep their places
const LONGEST = 60_000;      // characters that are sent: of a longer text its beginning and its end

export class ExamplePanel {
  title = "Example";

  constructor(stage) {
    this.stage = stage;
    this.drawing = new Drawing((pixels) => this.own(pixels));
    this.text = h("textarea", { rows: "2", maxlength: "100000", class: "ll-text", "aria-label": "Your own text",
      placeholder: "Type a text of your own", oninput: promptly(() => this.own(shortened(this.text.value))) });
    this.bars = h("div", { class: "ll-answer", role: "list", "aria-label": "Answer" });
    this.words = h("div", { class: "ll-words" });
    this.trouble = h("p", { class: "ll-caption ll-trouble", role: "status" });
    this.note = h("p", { class: "ll-caption" });
    this.pixels = h("canvas", { class: "ll-saliency", role: "img", "data-view": "saliency",
      "aria-label": "How much each pixel adds to the answer: gradient times input" });
    this.saliency = h("figure", { class: "ll-saliency-box" }, this.pixels, h("figcaption", { class: "ll-caption" }, "Saliency"));
    this.give = h("div", { class: "ll-give" });
    this.element = h("div", { class: "ll-example-panel" }, this.give, this.saliency,
      h("div", { class: "ll-said" }, this.words, this.bars, this.trouble), this.note);
  }

  themed(colors) {
    this.colors = colors;
    this.drawing.themed(colors);
  }

  show(scene) {
    const { data } = scene;
    if (this.scene?.data.name !== data.name) {
      this.drawing.clear();
      this.text.value = "";
    }
    this.scene = scene;
    const picture = data.input_shape.length === 3;
    this.give.replaceChildren(...(picture ? [this.drawing.element] : data.text ? [this.text] : []));
    this.shows = picture && ["binary", "multiclass"].includes(scene.task);
    this.saliency.hidden = !this.shows;
    this.stage.watch();
    this.note.textContent = picture ? "Draw with mouse or finger: the network answers while it learns, and every picture of the network follows your drawing."
      + (this.shows ? " Saliency is gradient × input: blue pixels speak for the likeliest answer, orange ones against it." : "")
      : data.text ? "Type: the network reads along while it learns. What it does not know is one unknown word."
        : data.domain ? "Click a place on the output to ask the network about it." : "Step through the examples with the arrows above.";
  }

  own(value) {
    this.stage.send({ op: "probe", own: value });
  }

  needs() {
    return this.shows ? ["answer", "saliency"] : ["answer"];
  }

  draw(frame) {
    const { data, task, probe } = this.scene;
    const answer = frame.arrays.answer;
    const read = data.text ? probe.tokens.filter((token) => token !== data.pad) : null;
    this.trouble.textContent = frame.probe_trouble || (read && !read.length && probe.index < 0
      ? `There is no ${data.letters ? "letter" : "word"} in it: this is what the network says of an empty text.` : "");
    this.words.textContent = read ? read.join(data.letters ? "" : " ") : "";
    if (this.shows && frame.arrays.saliency) this.drawSaliency(frame.arrays.saliency);
    if (!answer) return;
    this.bars.replaceChildren(...this.lines(answer, task, data, probe));
  }

  drawSaliency(values) {
    const [rows, columns] = values.shape;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    paintPixels(this.pixels, values, rows, columns, this.colors, largest);
  }

  /** The likeliest answers with their shares; for a regression the number itself. */
  lines(answer, task, data, probe) {
    if (task === "regression") {
      const [mean, deviation] = data.target_scale;
      return [h("div", { role: "listitem" }, h("b", {}, (answer[0] * deviation + mean).toPrecision(4)), ` ${data.target}`)];
    }
    const binary = task === "binary" ? [1 - answer[0], answer[0]] : null;
    const row = answer.shape.length > 1 ? lastRow(answer, probe, data) : answer;
    const shares = binary ?? Array.from(row);
    const names = data.classes.length ? data.classes : data.words;
    const all = shares.map((share, i) => [share, i]);
    const listed = all.length <= FEW ? all : all.sort((a, b) => b[0] - a[0]).slice(0, MOST);
    return listed.map(([share, i]) =>
      h("div", { role: "listitem", class: "ll-share" }, h("span", {}, names[i] ?? `class ${i + 1}`),
        h("i", { style: `width:${(share * 60).toFixed(2)}%;background:${this.colour(i, task)}` }), h("b", {}, percent(share))));
  }

  colour(i, task) {
    return task === "binary" ? (i ? this.colors.positive : this.colors.negative) : task === "multiclass" ? this.colors.ofClass(i) : this.colors.positive;
  }
}

function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST / 2)} ${text.slice(-LONGEST / 2)}` : text;
}

/** Of an answer at every place of a text, the one behind its last word. */
function lastRow(answer, probe, data) {
  const [places, outputs] = answer.shape;
  const written = probe.tokens.findLastIndex((token) => token !== data.pad);
  const place = Math.max(0, Math.min(places - 1, written));
  return answer.subarray(place * outputs, (place + 1) * outputs);
}
