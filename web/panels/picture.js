// A canvas with a tip that says what is under the pointer.

import { fitCanvas, h } from "../lib/dom.js";

export class Picture {
  /** @type {{x: number, y: number} | null} */ pointer = null;
  /** @type {any} */ at;

  /** moved() is called as the pointer moves, for pictures that mark the place themselves. */
  constructor(attributes = {}, moved = () => {}) {
    this.canvas = h("canvas", { role: "img", ...attributes });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.element = h("div", { class: "ll-inspect-frame", tabindex: "-1" }, this.canvas, this.tip);      // a click gives it the keys
    this.canvas.addEventListener("pointermove", (event) => {
      this.pointer = { x: event.offsetX, y: event.offsetY };
      this.explain();
      moved();
    });
    this.canvas.addEventListener("pointerleave", () => {
      this.rest();
      moved();
    });
  }

  get width() {
    return this.element.clientWidth;
  }

  /** Draw: paint(context) returns a function from a place to the sentence about it. */
  paint(height, paint) {
    const context = fitCanvas(this.canvas, this.width, height);
    context.clearRect(0, 0, this.width, height);
    this.at = paint(context);
    this.explain();
  }

  rest() {
    this.pointer = null;
    this.tip.hidden = true;
  }

  explain() {
    const { pointer } = this;
    const text = pointer && this.at?.(pointer);
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(4, Math.min(pointer.x + 14, this.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(0, pointer.y - 34)}px`;
  }
}
