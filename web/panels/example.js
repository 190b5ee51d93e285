// Example: what the network says of one example, and a place to give it one's own: draw, type, or click. It shows one
// thing at a time: beside an answer stands the example that it is about, and no other.

import { h } from "../lib/dom.js";
import { Drawing } from "../draw/drawing.js";
import { paintPixels } from "../draw/pixels.js";
import { inOwnUnits, nameOf, sharesOf } from "../lib/named.js";
import { throttled } from "../lib/throttle.js";
import { share as percent } from "../lib/format.js";
import { Sentences } from "./sentences.js";

/** @import { PanelHost, Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const MOST = 8;              // classes or words listed where there are many
const FEW = 10;              // classes that keep their places
const LONGEST = 60_000;      // characters that are sent: of a longer text its beginning and its end

export class ExamplePanel {
  title = "Example";
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {boolean} */ shows;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.drawing = new Drawing((pixels) => this.own(pixels));
    this.text = h("textarea", { rows: "2", maxlength: "100000", class: "ll-text", "aria-label": "Your own text",
      placeholder: "Type a text of your own", oninput: throttled(() => this.ownText()) });
    this.back = h("button", { type: "button", class: "ll-text-button", onclick: () => this.ownAgain() }, "");
    this.sentences = new Sentences(stage, (text) => this.read(text));
    this.keep = h("button", { type: "button", class: "ll-text-button", onclick: () => this.keepText() }, "Add to the table");
    this.what = h("h4", {}, "");
    this.bars = h("div", { class: "ll-answer", role: "list", "aria-label": "Answer" });
    this.words = h("div", { class: "ll-words" });
    this.trouble = h("p", { class: "ll-caption ll-trouble", role: "status" });
    this.note = h("p", { class: "ll-caption" });
    this.pixels = h("canvas", { class: "ll-saliency", role: "img", "data-view": "saliency",
      "aria-label": "How much each pixel adds to the answer: gradient times input" });
    this.saliency = h("figure", { class: "ll-saliency-box" }, this.pixels, h("figcaption", { class: "ll-caption" }, "Saliency"));
    this.give = h("div", { class: "ll-give" });
    this.element = h("div", { class: "ll-example-panel" }, this.give, this.saliency,
      h("div", { class: "ll-said" }, this.what, this.words, this.bars, this.trouble), this.note,
      this.sentences.element);
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
    this.drawing.themed(colors);
    this.sentences.themed(colors);
  }

  show(scene) {
    const { data } = scene;
    if (this.scene?.data.name !== data.name) {
      this.drawing.clear();
      this.text.value = "";
    }
    this.scene = scene;
    const picture = data.input_shape.length === 3;
    this.give.replaceChildren(...(picture ? [this.drawing.element] : data.text ? [this.text] : []),
      ...(this.sentences.suits(scene) ? [this.keep] : []), this.back);
    this.sentences.show(scene);
    this.back.textContent = picture ? "Back to your drawing" : "Back to your text";
    this.shows = picture && ["binary", "multiclass"].includes(scene.task);
    this.saliency.hidden = !this.shows;
    this.stage.watch();
    this.note.textContent = picture ? "Draw with mouse or finger: the network answers while it learns, and every picture of the network follows your drawing."
      + (this.shows ? " Saliency is gradient × input: blue pixels speak for the likeliest answer, orange ones against it." : "")
      : data.text ? "Type: the network reads along while it learns. What it does not know is one unknown word."
        : data.domain && scene.spec.data.kind !== "points" ? "Click a place on the output to ask the network about it: the ring shows which one is meant."
          : "Step through the examples with the arrows above.";
  }

  own(value) {
    this.stage.send({ op: "probe", own: value });
  }

  ownText() {
    this.own(shortened(this.text.value));
  }

  /** Look at this text as if the person had typed it. */
  read(text) {
    this.text.value = text;
    this.ownText();
  }

  /** Put the text that was typed into the table of sentences; where there is none, there is a place to type it. */
  keepText() {
    if (this.text.value.trim()) this.sentences.add(shortened(this.text.value));
    else this.text.focus();
  }

  /** From a test example back to what the person has drawn or typed. */
  ownAgain() {
    if (this.scene.data.text) this.ownText();
    else this.drawing.send();
  }

  /** Where the field shows a test example, or rests, what the person gave is kept and one click away. */
  name(probe, picture) {
    const { data } = this.scene;
    const own = probe.index < 0;
    const yours = data.text ? "Your text" : data.domain ? "The place that you chose" : "Your drawing";
    this.what.textContent = own ? yours : capital(nameOf(probe, data));
    this.back.hidden = own || !(data.text ? this.text.value : this.drawing.strokes.length);
    this.text.classList.toggle("ll-resting", !own && this.text.value !== "");
    if (data.input_shape.length === 3) this.drawing.show(own ? null : picture);
  }

  needs() {
    return this.shows ? ["answer", "saliency"] : ["answer"];
  }

  answered(message) {
    this.sentences.answered(message);
  }

  draw(frame) {
    const { data, task, probe } = this.scene;
    this.sentences.draw(frame);
    const answer = frame.arrays.answer;
    this.name(probe, frame.arrays["maps.input"]);
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
      return [h("div", { role: "listitem" }, h("b", {}, inOwnUnits(answer[0], data)), ` ${data.target}`)];
    }
    const all = sharesOf(answer, { task, data, probe });
    const listed = all.length <= FEW ? all : all.sort((a, b) => b.share - a.share).slice(0, MOST);
    return listed.map(({ share, index, name }) => h("div", { role: "listitem", class: "ll-share" }, h("span", {}, name),
      h("i", { style: `width:${(share * 60).toFixed(2)}%;background:${this.colour(index, task)}` }), h("b", {}, percent(share))));
  }

  colour(i, task) {
    return task === "binary" ? (i ? this.colors.positive : this.colors.negative) : task === "multiclass" ? this.colors.ofClass(i) : this.colors.positive;
  }
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST / 2)} ${text.slice(-LONGEST / 2)}` : text;
}
