// Words: how much of an answer rests on each word, found by hiding one after the other (occlusion).

import { h } from "../lib/dom.js";
import { fixed, share as percent } from "../lib/format.js";
import { suits } from "../wire/questions.js";

/** @import { PanelHost, Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const LEAST = 0.05;          // of a logit: what moves it less is no difference
const ASK_EVERY = 400;       // ms while the run plays

export class WordsPanel {
  title = "Words";
  /** @type {Scene} */ scene;
  /** @type {Colors} */ colors;
  /** @type {string} */ stamp;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.answer = h("p", { class: "ll-words-answer", role: "status" });
    this.text = h("p", { class: "ll-coloured", "data-view": "words", "aria-label": "The text, each word coloured by its share" });
    this.none = h("p", { class: "ll-caption", hidden: true }, "No single word changes this answer: whichever is hidden, its logit moves by less than 0.05.");
    this.element = h("div", {}, this.answer, this.text, this.none, h("p", { class: "ll-caption" },
      "Occlusion: each word is hidden in turn. Blue words support the answer, orange ones speak against it; colour shows how far the answer's logit (its log-odds) falls without the word. Hover for that and for the points of probability. Give your own text under Example."));
    this.askedAt = 0;
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
  }

  suits(scene) {
    return suits(scene, "words");
  }

  show(scene) {
    this.scene = scene;
  }

  opened() {
    this.stage.ask("words");
  }

  draw(frame, run) {
    const now = performance.now();
    const stamp = `${frame.step}:${JSON.stringify(run.scene.probe?.tokens.slice(0, 40))}:${run.scene.probe?.index}`;
    if (stamp === this.stamp || now - this.askedAt < ASK_EVERY) return;
    this.stamp = stamp;
    this.askedAt = now;
    this.stage.ask("words");
  }

  answered({ header, arrays }) {
    if (header.instrument !== "words" || !header.words) return;
    const name = this.scene.data.classes[header.answer] ?? `class ${header.answer + 1}`;
    this.answer.replaceChildren(h("b", {}, `${name}, ${percent(header.share)}`));
    const largest = arrays.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), LEAST);
    this.none.hidden = arrays.weights.some((weight) => Math.abs(weight) >= LEAST);
    const gap = this.scene.data.letters ? "" : " ";
    this.text.replaceChildren(...header.words.flatMap((word, i) => {
      const share = arrays.shares[i];
      const weight = arrays.weights[i];
      const strength = Math.round((Math.abs(weight) / largest) * 75);
      const colour = weight < 0 ? this.colors.negative : this.colors.positive;
      return [h("span", { title: `${word}: logit ${fixed(weight)}, ${fixed(share * 100)} points of probability`,
        style: `background:color-mix(in srgb, ${colour} ${strength}%, transparent)` }, word), gap];
    }));
  }
}
