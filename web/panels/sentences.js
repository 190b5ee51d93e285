// Sentences: a table of short texts and how likely each is of the second class, which fills in while the network learns.

import { h } from "../lib/dom.js";
import { share as percent } from "../lib/format.js";
import { KeepAsking } from "./keep_asking.js";

/** @import { Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const MOST = 20;             // texts of one's own in the table

export class Sentences {
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {string[]} */ own = [];
  /** @type {string} */ known;

  /** look(text) is called when a person chooses a sentence of the table. */
  constructor(stage, look) {
    this.look = look;
    this.asking = new KeepAsking(stage, "sentences", () => ({ texts: this.own }));
    this.head = h("th", { scope: "col" });
    this.body = h("tbody");
    this.trouble = h("p", { class: "ll-caption ll-trouble", role: "status" });
    this.element = h("div", { class: "ll-sentences" },
      h("table", { class: "ll-table", "data-view": "sentences", "aria-label": "Sentences" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Sentence"), this.head)), this.body),
      this.trouble,
      h("p", { class: "ll-caption" }, "All are read anew while the network learns. Click one to look at it in detail."));
  }

  themed(colors) {
    this.colors = colors;
  }

  show(scene) {
    this.scene = scene;
    this.element.hidden = !this.suits(scene);
    this.head.textContent = `Probability of ${scene.data.classes[1] ?? "class 2"}`;
  }

  suits({ data, task }) {
    return data.text && task === "binary";
  }

  /** One more sentence of the person's own, at most MOST: the oldest gives way. */
  add(text) {
    const added = text.trim();
    if (!added) return;
    this.own = [...this.own.filter((other) => other !== added), added].slice(-MOST);
    this.asking.ask();
  }

  drop(text) {
    this.own = this.own.filter((other) => other !== text);
    this.asking.ask();
  }

  draw(frame) {
    if (!this.element.hidden) this.asking.keep(frame, this.scene);
  }

  answered(message) {
    const header = this.asking.take(message);
    if (!header) return;
    this.trouble.textContent = header.error ?? "";
    if (header.sentences) this.fill(header.sentences);
  }

  /** Rows stay where they are: only what has changed is written, so that a click meets what it was meant for. */
  fill(sentences) {
    const texts = JSON.stringify(sentences.map(({ text, unknown }) => [text, unknown]));
    if (texts !== this.known) this.body.replaceChildren(...sentences.map((sentence) => this.row(sentence)));
    this.known = texts;
    sentences.forEach(({ share }, i) => {
      const [bar, number] = /** @type {NodeListOf<HTMLElement>} */ (this.body.rows[i].querySelectorAll("i, b"));
      bar.style.width = `${(share * 100).toFixed(1)}%`;
      bar.style.background = share > 0.5 ? this.colors.positive : this.colors.negative;
      number.textContent = percent(share);
    });
  }

  row({ text, unknown }) {
    const mine = this.own.includes(text);
    const known = unknown ? ` ${unknown} unknown ${unknown > 1 ? "words" : "word"}` : null;
    return h("tr", {},
      h("td", {}, h("button", { type: "button", class: "ll-sentence", onclick: () => this.look(text) }, text), h("small", {}, known),
        mine ? h("button", { type: "button", class: "ll-drop", "aria-label": `Remove ${text}`, onclick: () => this.drop(text) }, "×") : null),
      h("td", { class: "ll-likely" }, h("span", {}, h("i")), h("b")));
  }
}
