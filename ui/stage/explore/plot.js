// A figure that Plotly draws, filled by Python: surfaces that turn, maps with paths.

import { h } from "../dom.js";
import { hasWebGL, Plot } from "../plotly.js";
import { figure } from "./explorer.js";

class Drawn {
  constructor(explorer) {
    this.explorer = explorer;
    this.facts = h("dl", { class: "ll-numbers ll-live" });
    this.sorry = h("p", { class: "ll-caption", hidden: true }, "This browser can't draw in three dimensions: choose the map.");
    this.element = h("div", {}, this.facts, this.sorry);
  }

  draw(shown, { colors }) {
    this.plot ??= this.place(shown);
    this.facts.replaceChildren(...shown.facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
    const flat = !shown.layout.scene;
    this.sorry.hidden = flat || hasWebGL();
    if (!this.sorry.hidden) return;
    this.plot.colors = colors;
    this.shown = shown;
    if (this.seen) this.plot.show(shown.data, shown.layout);
  }

  /** A surface takes long where there is no graphics card: it is drawn when it is scrolled to. */
  watch() {
    new IntersectionObserver(([entry], observer) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      this.seen = true;
      this.plot.show(this.shown.data, this.shown.layout);
    }, { threshold: 0.15 }).observe(this.plot.element);
  }

  place({ plotly, label }) {
    const plot = new Plot({ data: { plotly } }, "explore", label);
    plot.element.classList.add("ll-descent");
    this.element.append(plot.element);
    this.plot = plot;
    this.watch();
    return plot;
  }
}

export const mount = figure(Drawn);
