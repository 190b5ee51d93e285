// The way back through a run: a slider over the steps that are kept, the present at its right end.

import { h } from "./dom.js";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export class Timeline {
  /** send(command) goes to the run. */
  constructor(send) {
    this.send = send;
    this.steps = [0];
    this.slider = h("input", { type: "range", min: 0, max: 0, value: 0, step: 1, "aria-label": "Time", disabled: true,
      title: "Look back at any moment of this run", oninput: () => this.moved() });
    this.words = h("span", { class: "ll-time-words" });
    this.back = h("button", { type: "button", class: "ll-text-button", hidden: true, onclick: () => this.show(null) }, "Back to now");
    this.element = h("div", { class: "ll-time" }, h("span", { "aria-hidden": "true" }, "Time"), this.slider, this.words, this.back);
    this.slider.addEventListener("pointerdown", () => { this.held = true; });
    for (const end of ["pointerup", "pointercancel"]) this.slider.addEventListener(end, () => { this.held = false; });
  }

  show(step) {
    this.send({ op: "scrub", step });
  }

  moved() {
    const at = Number(this.slider.value);
    this.show(at >= this.steps.length - 1 ? null : this.steps[at]);
  }

  /** One kept step back from what is shown. */
  earlier() {
    const before = this.steps.filter((step) => step < this.step);
    if (before.length) this.show(before.at(-1));
  }

  draw(frame) {
    this.step = frame.step;
    this.steps = Array.from(frame.arrays.timeline ?? [0]);
    const last = this.steps.length - 1;
    const at = frame.scrubbing ? this.steps.indexOf(frame.step) : last;
    this.slider.disabled = last < 1;
    this.slider.max = last;
    if (!this.held) this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", `step ${whole.format(frame.step ?? 0)}`);
    this.back.hidden = !frame.scrubbing;
    this.words.textContent = frame.scrubbing
      ? `Step ${whole.format(frame.step)} of ${whole.format(this.steps[last])}. Play goes on from here.` : "";
  }
}
