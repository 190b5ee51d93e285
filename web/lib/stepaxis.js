// Whether what is drawn over the run's steps has a logarithmic axis: as the person chose or, until then, as suits the run.

import { h } from "./dom.js";

export const AXIS = "Step (logarithmic)";
const ENOUGH = 1000;      // steps until a run's beginning can be lost on an even axis
const EARLY = 0.01;       // of the steps: where, within them,
const MOST = 0.5;         // of the fall of the train loss has happened, or more, an even axis would show a cliff

/** @type {Set<StepAxis>} */
const axes = new Set();   // of the runs on the page
/** @type {boolean | null} */
let chosen = null;        // by the person, for every run of the visit

export class StepAxis {
  suits = false;
  /** @type {(() => void)[]} */ drawings = [];

  constructor() {
    axes.add(this);
  }

  get log() {
    return chosen ?? this.suits;
  }

  /** Once an axis suits a run it stays, until another run or a rewind.
   * @param {Record<string, number[]>} history */
  follow(history) {
    const steps = history.step.at(-1) ?? 0;
    const suits = steps >= ENOUGH && (this.suits || fellEarly(history));
    if (suits === this.suits) return;
    this.suits = suits;
    if (chosen === null) this.changed();
  }

  /** A checkbox for it, beside something that redraw() draws: {element, show()}, where show brings it up to date.
   * @param {() => void} redraw */
  control(redraw) {
    this.drawings.push(redraw);
    const box = h("input", { type: "checkbox", onchange: () => { chosen = box.checked; for (const axis of axes) axis.changed(); } });
    return { element: h("label", { title: "Each power of ten of steps gets the same room" }, box, "Log steps"),
      show: () => { box.checked = this.log; } };
  }

  changed() {
    for (const redraw of this.drawings) redraw();
  }

  close() {
    axes.delete(this);
  }
}

/** Whether most of what the train loss has fallen by, it fell by in the first hundredth of the steps.
 * @param {Record<string, number[]>} history */
export function fellEarly({ step, train_loss: loss }) {
  const last = loss.length - 1;
  const whole = loss[0] - loss[last];
  return whole > 0 && loss[0] - lossAt(EARLY * step[last], step, loss) >= MOST * whole;
}

/** The loss at a step; between two rows, on the straight line from one to the other. */
function lossAt(at, step, loss) {
  const after = step.findIndex((known) => known >= at);
  if (after < 1) return loss[0];
  const share = (at - step[after - 1]) / (step[after] - step[after - 1]);
  return loss[after - 1] + share * (loss[after] - loss[after - 1]);
}
