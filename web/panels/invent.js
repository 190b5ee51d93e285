// Invent: a language model writes texts of its own while it learns; each is marked as new or known.

import { h } from "../lib/dom.js";
import { knobs, suits } from "../wire/questions.js";

/** @import { PanelHost } from "../wire/host.d.ts" */

const ASK_EVERY = 1500;      // ms while the run plays

export class InventPanel {
  title = "Invent";
  /** @type {number} */ step;
  /** @type {() => number | null} */ temperature;
  /** @type {() => number | null} */ top_k;
  /** @type {() => number | null} */ top_p;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.offers = [];                    // what gives each slider its ends
    const slider = (label, name) => {
      const shown = h("b", {});
      const input = h("input", { type: "range", "aria-label": label, oninput: () => { say(); this.ask(); } });
      let off = null;                    // at this end it is off
      const say = () => { shown.textContent = Number(input.value) === off ? "off" : input.value; };
      this[name] = () => (Number(input.value) === off ? null : Number(input.value));
      this.offers.push((limits) => {
        const { slider: [min, max], step, optional, default: usual } = limits[name];
        off = optional ? max : null;
        Object.assign(input, { min, max, step, value: usual ?? max });
        say();
      });
      return h("label", { class: "ll-slider" }, h("span", {}, label), input, shown);
    };
    this.prefix = h("input", { type: "text", maxlength: "20", "aria-label": "Beginning", placeholder: "any", oninput: () => this.ask() });
    this.names = h("ul", { class: "ll-invented", "aria-label": "Invented" });
    this.share = h("p", { class: "ll-caption", role: "status" });
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" },
      slider("Temperature", "temperature"), slider("Top-k", "top_k"),
      slider("Top-p", "top_p"), h("label", { class: "ll-slider" }, h("span", {}, "Begins with"), this.prefix),
      h("button", { type: "button", class: "ll-text-button", onclick: () => this.ask() }, "Invent 20 more")),
    this.names, this.share, h("p", { class: "ll-caption" },
      "Bold ones are new: they are in no list that it has learned from or been tested on. A low temperature plays safe, a high one dares more; top-k and top-p leave out the unlikely letters."));
    this.askedAt = 0;
    this.seed = 0;
  }

  themed() {}

  suits(scene) {
    return suits(scene, "invent");
  }

  show(scene) {
    for (const offer of this.offers.splice(0)) offer(knobs(scene, "invent"));
  }

  opened() {
    this.ask();
  }

  ask() {
    this.askedAt = performance.now();
    this.seed += 1;
    this.stage.ask("invent", { count: 20, seed: this.seed, prefix: this.prefix.value, temperature: this.temperature(),
      top_k: this.top_k(), top_p: this.top_p() });
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
