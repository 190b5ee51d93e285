// Cost: what a step takes, and what each layer holds and works.

import { h, tableRow } from "../lib/dom.js";
import { fixed, whole } from "../lib/format.js";

export class CostPanel {
  title = "Cost";

  constructor(stage) {
    this.stage = stage;
    this.table = h("div", {});
    this.element = h("div", {}, this.table,
      h("p", { class: "ll-caption" }, "Where the time of a step goes, and which layer does most of the work. Multiply–adds and activations are for one example."));
  }

  themed() {}

  opened() {
    this.stage.ask("cost");
  }

  answered({ header }) {
    if (header.instrument !== "cost" || !header.times) return;
    const total = Object.values(header.times).reduce((sum, ms) => sum + ms, 0);
    const bars = Object.entries(header.times).map(([part, ms]) => h("div", { class: "ll-share" }, h("span", {}, part),
      h("i", { style: `width:${(ms / total) * 60}%` }), h("b", {}, `${fixed(ms, 3)} ms`)));
    this.table.replaceChildren(
      h("h3", { class: "ll-wraps" }, `One step on a batch of ${header.batch}: ${fixed(total, 3)} ms; drawing: ${fixed(this.stage.drawTime)} ms a frame`),
      ...bars, h("table", { class: "ll-table" }, tableRow(["Layer", "Parameters", "Activations", "Multiply–adds"], "th"),
        ...header.layers.map((layer) => tableRow([layer.title, whole(layer.parameters),
          whole(layer.activations), whole(layer.multiply_adds)]))));
  }
}
