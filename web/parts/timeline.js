// The way back through a run: a slider over its steps, even in their logarithm, the present at its right end.

import { h } from "../lib/dom.js";
import { whole } from "../lib/format.js";
import { brief, spot, ticks } from "../lib/logsteps.js";

/** @import { Frame } from "../wire/host.d.ts" */

const ROOM = 34;          // pixels from the shown step's middle to that of a label beside it

export class Timeline {
  /** @type {number[]} */ steps = [0];
  /** @type {boolean} */ held;
  /** @type {Frame} */ frame;
  /** @type {number} */ step;
  /** @type {string} */ labelled;

  /** send(command) goes to the run. */
  constructor(send) {
    this.send = send;
    this.slider = h("input", { type: "range", min: spot(0), max: spot(0), value: spot(0), step: "any", "aria-label": "Time", disabled: true,
      title: "Look back at any moment of this run", oninput: () => this.moved(), onkeydown: (event) => this.keyed(event) });
    this.marks = h("div", { class: "ll-time-marks", "aria-hidden": "true" });
    this.here = h("div", { class: "ll-time-here", "aria-hidden": "true", hidden: true });
    this.words = h("span", { class: "ll-time-words", hidden: true });
    this.back = h("button", { type: "button", class: "ll-text-button", hidden: true, onclick: () => this.show(null) }, "Back to now");
    this.element = h("div", { class: "ll-time" }, h("span", { "aria-hidden": "true" }, "Time"),
      h("div", { class: "ll-time-track" }, this.slider, this.marks, this.here), this.words, this.back);
    this.slider.addEventListener("pointerdown", () => { this.held = true; });
    for (const end of ["pointerup", "pointercancel"]) {
      this.slider.addEventListener(end, () => { this.held = false; if (this.frame) this.draw(this.frame); });
    }
  }

  show(step) {
    this.send({ op: "scrub", step: step === this.steps.at(-1) ? null : step });
  }

  /** The kept step that is nearest to the thumb. */
  moved() {
    const away = (step) => Math.abs(spot(step) - Number(this.slider.value));
    this.show(this.steps.reduce((best, step) => (away(step) <= away(best) ? step : best)));
  }

  /** On the slider itself the arrows go from one kept step to the next, Home and End to the first and to now. */
  keyed(event) {
    const deeds = { ArrowLeft: () => this.earlier(), ArrowDown: () => this.earlier(), ArrowRight: () => this.later(), ArrowUp: () => this.later(),
      Home: () => this.show(this.steps[0]), End: () => this.show(null) };
    if (!deeds[event.key]) return;
    event.preventDefault();
    deeds[event.key]();
  }

  /** One kept step back from what is shown. */
  earlier() {
    const before = this.steps.filter((step) => step < this.step);
    if (before.length) this.show(before.at(-1));
  }

  /** One kept step on, to the present at most. */
  later() {
    const behind = this.steps.find((step) => step > this.step);
    if (behind !== undefined) this.show(behind);
  }

  draw(frame) {
    this.frame = frame;
    this.step = frame.step;
    this.steps = Array.from(frame.arrays.timeline ?? [0]);
    const last = this.steps[this.steps.length - 1];
    this.slider.disabled = last < 1;
    this.slider.max = String(spot(last));
    if (!this.held) this.slider.value = String(spot(frame.scrubbing ? frame.step : last));
    this.slider.setAttribute("aria-valuetext", `step ${whole(frame.step ?? 0)}`);
    this.here.hidden = !frame.scrubbing;
    this.here.textContent = whole(frame.step ?? 0);
    this.put(this.here, Number(this.slider.value), last);
    this.mark(last);
    this.words.textContent = frame.scrubbing ? `Step ${whole(frame.step)} of ${whole(last)}. Play goes on from here.` : "";
    if (!this.held) this.words.hidden = this.back.hidden = !frame.scrubbing;      // nothing moves under a hand
  }

  /** Label some steps under the slider, but for those that the shown step stands on. */
  mark(last) {
    const away = (place) => (Math.abs(place - Number(this.slider.value)) / (spot(last) - spot(0))) * this.slider.clientWidth;
    const labelled = last < 1 ? [] : ticks(spot(0), spot(last));
    if (labelled.join() !== this.labelled) {
      this.labelled = labelled.join();
      this.marks.replaceChildren(...labelled.map((step) => h("span", {}, brief(step))));
    }
    labelled.forEach((step, i) => {
      const mark = /** @type {HTMLElement} */ (this.marks.children[i]);
      this.put(mark, spot(step), last);
      mark.style.visibility = !this.here.hidden && away(spot(step)) < ROOM ? "hidden" : "";
    });
  }

  /** Put something where the thumb's middle is for a place. */
  put(element, place, last) {
    const share = (place - spot(0)) / (spot(last) - spot(0) || 1);
    element.style.left = `calc(8px + ${share} * (100% - 16px))`;
  }
}
