// A figure that Plotly draws, filled by Python: surfaces that turn, maps with paths.

import { h } from "../lib/dom.js";
import { hasWebGL, Plot } from "../wire/plotly.js";
import { figure } from "./explorer.js";

/** @import { Colors } from "../lib/colors.js" */

class Drawn {
  /** @type {any} */ shown;
  /** @type {Colors} */ colors;
  /** @type {Plot} */ plot;
  /** @type {boolean} */ seen;

  constructor() {
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.sorry = h("p", { class: "ll-caption", hidden: true }, "This browser can't draw in three dimensions: choose the map.");
    this.element = h("div", {}, this.facts, this.sorry);
  }

  draw(shown, { colors }) {
    this.shown = shown;
    this.colors = colors;
    if (!this.plot) this.place(shown);
    this.facts.replaceChildren(...shown.facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
    this.show();
  }

  show() {
    const { data, layout } = this.shown;
    this.sorry.hidden = !layout.scene || hasWebGL();
    if (!this.seen || !this.sorry.hidden) return;
    this.plot.colors = this.colors;
    this.plot.show(data, layout);
  }

  /** A surface takes long where there is no graphics card: it is drawn when it is scrolled to. */
  place({ plotly, label }) {
    this.plot = new Plot({ data: { plotly } }, "explore", label);
    this.plot.element.classList.add("ll-descent");
    this.element.append(this.plot.element);
    new IntersectionObserver(([entry], observer) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      this.seen = true;
      this.show();
    }, { threshold: 0.15 }).observe(this.plot.element);
  }
}

export const mount = figure(Drawn);
