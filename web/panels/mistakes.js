// Mistakes: what a classifier gets wrong on the test split, surest first; a click looks at the example in detail.

import { h } from "../lib/dom.js";
import { thumbnail } from "../draw/pixels.js";
import { partOf, share, whole } from "../lib/format.js";
import { suits } from "../wire/questions.js";

/** @import { PanelHost, Scene } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

export class MistakesPanel {
  title = "Mistakes";
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {HTMLElement[]} */ cards = [];

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.summary = h("p", { class: "ll-caption", role: "status" });
    this.list = h("div", { class: "ll-mistakes", role: "list" });
    this.order = h("select", { class: "ll-speed", "aria-label": "Order", onchange: () => this.arrange() },
      h("option", {}, "Surest first"), h("option", {}, "Least sure first"));
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" },
      h("button", { type: "button", class: "ll-text-button", onclick: () => this.opened() }, "Look again"), this.order),
    this.summary, this.list,
    h("p", { class: "ll-caption" }, "The surest mistakes tell most: a wrong label, an odd example, or something the network has not understood. Click one to look inside."));
  }

  themed(colors) {
    this.colors = colors;
  }

  suits(scene) {
    return suits(scene, "mistakes");
  }

  show(scene) {
    this.scene = scene;
    this.summary.textContent = "";
    this.cards = [];
    this.arrange();
  }

  opened() {
    this.stage.ask("mistakes");
  }

  answered({ header, arrays }) {
    if (header.instrument !== "mistakes") return;
    if (header.progress !== undefined) {
      this.summary.textContent = `Going through the test examples: ${Math.round(header.progress * 100)} %`;
      return;
    }
    const { classes } = this.scene.data;
    const name = (i) => classes[i] ?? `class ${i + 1}`;
    const pairs = header.pairs.map(({ a, b, count }) => `${name(a)} and ${name(b)} (${count})`).join(", ");
    this.summary.textContent = `At step ${whole(header.step)}, ${whole(header.wrong)} of ${partOf(header.tested, this.scene.data.test, "test")} are wrong.${pairs ? ` Most often confused: ${pairs}.` : ""}`;
    this.cards = header.mistakes.map((mistake, k) => h("button", { type: "button", role: "listitem", class: "ll-mistake",
      onclick: () => this.stage.send({ op: "probe", index: mistake.index }) },
    arrays.pictures ? thumbnail(arrays.pictures, k, this.colors) : null,
    h("span", {}, "says ", h("b", {}, name(mistake.said)), ` (${share(mistake.share)}), truly `, h("b", {}, name(mistake.truth))),
    mistake.text ? h("span", { class: "ll-quote" }, mistake.text) : null));
    this.arrange();
  }

  arrange() {
    const cards = this.cards ?? [];
    this.list.replaceChildren(...(this.order.selectedIndex ? [...cards].reverse() : cards));
  }
}
