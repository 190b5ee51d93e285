// Numbers of the run as they are now, under the names that a formula beside them uses.

import { h } from "../lib/dom.js";
import { fixed } from "../lib/format.js";

const READ_EVERY = 100; // ms between changes: faster can't be read

export class Numbers {
  /** @type {{label: string, source: string, place: number, value: HTMLElement}[]} */ cells = [];

  constructor() {
    this.element = h("dl", { class: "ll-numbers ll-live", hidden: true, "aria-label": "Numbers of the run" });
    this.readAt = 0;
  }

  /** numbers: [{label, source, place}], where source is an array of the frame or a value of its header. */
  setup(numbers) {
    this.cells = numbers.map((number) => ({ ...number, value: h("dd", { "data-number": number.label }, "–") }));
    this.element.hidden = !numbers.length;
    this.element.replaceChildren(...this.cells.map(({ label, value }) => h("div", {}, h("dt", {}, label), value)));
  }

  /** The pictures that hold their arrays: "weights" has weights.0.W. */
  needs() {
    return this.cells.filter(({ source }) => source.includes(".")).map(({ source }) => source.split(".")[0]);
  }

  draw(frame, now) {
    if (frame.status === "playing" && now - this.readAt < READ_EVERY) return;
    this.readAt = now;
    for (const { source, place, value } of this.cells) {
      const number = frame.arrays[source]?.[place] ?? frame[source];
      value.textContent = typeof number === "number" ? fixed(number, 4) : "–";
    }
  }
}
