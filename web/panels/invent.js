// Invent: a language model writes texts of its own while it learns; each is marked as new or known.

import { h } from "../lib/dom.js";

/** @import { PanelHost } from "../wire/host.d.ts" */

const ASK_EVERY = 1500;      // ms while the run plays

export class InventPanel {
  title = "Invent";
  /** @type {number} */ step;
  /** @type {() => number | null} */ temperature;
  /** @type {() => number | null} */ topK;
  /** @type {() => number | null} */ topP;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    const slider = (label, name, low, high, step, value, off) => {
      const shown = h("b", {}, String(value));
      const input = h("input", { type: "range", min: low, max: high, step, value, "aria-label": label, oninput: () => {
        shown.textContent = off && Number(input.value) === off.at ? "off" : input.value;
        this.ask();
      } });
      if (off && value === off.at) shown.textContent = "off";
      this[name] = () => (off && Number(input.value) === off.at ? null : Number(input.value));
      return h("label", { class: "ll-slider" }, h("span", {}, label), input, shown);
    };
    this.prefix = h("input", { type: "text", maxlength: "20", "aria-label": "Beginning", placeholder: "any", oninput: () => this.ask() });
    this.names = h("ul", { class: "ll-invented", "aria-label": "Invented" });
    this.share = h("p", { class: "ll-caption", role: "status" });
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" },
      slider("Temperature", "temperature", 0.1, 2, 0.05, 0.9), slider("Top-k", "topK", 1, 30, 1, 30, { at: 30 }),
      slider("Top-p", "topP", 0.1, 1, 0.05, 1, { at: 1 }), h("label", { class: "ll-slider" }, h("span", {}, "Begins with"), this.prefix),
      h("button", { type: "button", class: "ll-text-button", onclick: () => this.ask() }, "Invent 20 more")),
    this.names, this.share, h("p", { class: "ll-caption" },
      "Bold ones are new: they are in no list that it has learned from or been tested on. A low temperature plays safe, a high one dares more; top-k and top-p leave out the unlikely letters."));
    this.askedAt = 0;
    this.seed = 0;
  }

  themed() {}

  suits(scene) {
    return scene.task === "next_token";
  }

  opened() {
    this.ask();
  }

  ask() {
    this.askedAt = performance.now();
    this.seed += 1;
    this.stage.ask("invent", { count: 20, seed: this.seed, prefix: this.prefix.value, temperature: this.temperature(),
      top_k: this.topK(), top_p: this.topP() });
  }

  draw(frame) {
    if (frame.step !== this.step && performance.now() - this.askedAt > ASK_EVERY) {
      this.step = frame.step;
      this.ask();
    }
  }

  answered({ header }) {
    if (header.instrument !== "invent") return;
    if (header.error) {
      this.share.textContent = header.error;
      return;
    }
    this.names.replaceChildren(...header.texts.map(({ text, new: fresh }) =>
      h("li", { class: fresh ? "ll-new" : "", title: fresh ? "new" : "in the data" }, text || "(empty)")));
    const fresh = header.texts.filter((one) => one.new).length;
    this.share.textContent = `${fresh} of ${header.texts.length} are new.`;
  }
}
