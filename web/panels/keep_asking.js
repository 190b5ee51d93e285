// Keeps an instrument's answer fresh: it asks again when the run has moved on, and not before the last answer has come.

/** @import { Frame, Message, PanelHost, Probe, Scene } from "../wire/host.d.ts" */

const EVERY = 300;        // ms between questions while the run plays
const LOST = 4000;        // ms after which an answer is not waited for any more

export class KeepAsking {
  /** @type {PanelHost} */ stage;
  /** @type {string} */ instrument;
  /** @type {() => Record<string, any>} */ details;
  /** @type {number} */ every;
  /** @type {number} */ askedAt;
  /** @type {boolean} */ waiting;
  /** @type {ReturnType<typeof setTimeout> | null} */ timer;
  /** @type {string | null} */ stamp;
  /** @type {Probe | null} */ probe;

  /** details() -> what to ask for, beside the instrument's name. */
  constructor(stage, instrument, details = () => ({}), every = EVERY) {
    Object.assign(this, { stage, instrument, details, every, askedAt: -LOST, waiting: false, timer: null });
  }

  /** Called with each frame that an open panel draws.
   * @param {Frame} frame
   * @param {Scene} scene */
  keep(frame, scene) {
    if (frame.step === undefined) return;
    const stamp = `${frame.generation}:${frame.step}:${frame.status}:${frame.pokes}`;
    if (stamp === this.stamp && scene.probe === this.probe) return;
    const since = performance.now() - this.askedAt;
    if (since < (this.waiting ? LOST : this.every)) {
      this.timer ??= setTimeout(() => { this.timer = null; this.stage.schedule(); }, this.every);
      return;
    }
    this.stamp = stamp;
    this.probe = scene.probe;
    this.ask();
  }

  ask(more = {}) {
    this.waiting = true;
    this.askedAt = performance.now();
    this.stage.ask(this.instrument, { ...this.details(), ...more });
  }

  /** The header of a message if it answers this question, else null.
   * @param {Message} message
   * @returns {Record<string, any> | null} */
  take({ header }) {
    if (header.instrument !== this.instrument) return null;
    this.waiting = false;
    return header;
  }
}

/** A panel whose answer is kept fresh while it is open: it has a `stage` and something `asking`. */
export class AskingPanel {
  /** @type {PanelHost} */ stage;
  /** @type {KeepAsking} */ asking;

  opened() {
    if (this.stage.run.scene?.probe) this.asking.ask();
  }

  show() {
    this.asking.stamp = null;
  }

  draw(frame, run) {
    this.asking.keep(frame, run.scene);
  }
}
