// Blank: a sentence of one's own with words left out, and what a masked language model would put there.

import { h } from "../lib/dom.js";
import { throttled } from "../lib/throttle.js";
import { share as percent } from "../lib/format.js";
import { AttentionPicture } from "./attention_picture.js";
import { suits } from "../wire/questions.js";

/** @import { PanelHost } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const ASK_EVERY = 400;       // ms while the run plays
const FIRST = "this is the ___ movie i have ever ___";

export class BlankPanel {
  title = "Blank";
  /** @type {Colors} */ colors;
  /** @type {any} */ found = null;
  /** @type {number} */ step;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.text = h("textarea", { rows: "2", maxlength: "2000", class: "ll-text", "aria-label": "Your own sentence",
      oninput: throttled(() => this.ask()) });
    this.text.value = FIRST;
    this.said = h("div", { class: "ll-blanks", role: "status" });
    this.looking = new AttentionPicture("Where the blanks look: a row for each blank, a column for each word", (names) => names.at(-1));
    this.element = h("div", {}, this.text, this.said, this.looking.element, h("p", { class: "ll-caption" },
      "Write ___ for each missing word. The candidates come from both sides of the blank; the heatmap shows where each blank looks in the last layer with attention, head by head."));
    this.askedAt = 0;
  }

  themed(colors) {
    this.colors = colors;
  }

  show(scene) {
    this.looking.show(scene);
    this.stage.watch();
  }

  needs() {
    return this.looking.needs();
  }

  suits(scene) {
    return suits(scene, "blank");
  }

  opened() {
    this.ask();
  }

  ask() {
    this.askedAt = performance.now();
    this.stage.ask("blank", { text: this.text.value });
  }

  draw(frame) {
    if (this.found) {
      const { words, blanks } = this.found;
      this.looking.draw(frame, blanks.map(({ place }, k) => [place, `blank ${k + 1}`]), words.map((word, place) => [place, word]), this.colors);
    }
    if (frame.step !== this.step && performance.now() - this.askedAt > ASK_EVERY) {
      this.step = frame.step;
      this.ask();
    }
  }

  answered({ header }) {
    if (header.instrument !== "blank") return;
    this.found = header.error ? null : header;
    if (header.error) {
      this.looking.element.hidden = true;
      this.said.replaceChildren(h("p", { class: "ll-caption ll-trouble" }, header.error));
      return;
    }
    this.said.replaceChildren(...header.blanks.map(({ candidates }, k) => h("div", {}, h("h3", {}, `Blank ${k + 1}`),
      ...candidates.map(({ word, share }) => h("div", { class: "ll-share" }, h("span", {}, word),
        h("i", { style: `width:${share * 60}%` }), h("b", {}, percent(share)))))));
  }
}
