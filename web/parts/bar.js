// The run bar: play, step, rewind, speed, and the numbers of the run.

import { h, icon, iconButton } from "../lib/dom.js";
import { Timeline } from "./timeline.js";
import { partOf, score, share, whole } from "../lib/format.js";

/** @type {[string, number | string | null][]} */ const SPEEDS = [["1 step/s", 1], ["10 steps/s", 10], ["100 steps/s", 100], ["1,000 steps/s", 1000],
  ["Full speed", null], ["Gentle start", "gentle"]];
const KEYS = [["space", "play or pause"], ["→", "one step"], ["←", "one back"], ["Home", "rewind"], ["Ctrl Z", "undo"], ["Ctrl Y", "redo"], ["?", "these keys"]];
const READ_EVERY = 100; // ms between changes of the numbers: faster can't be read

const METRICS = { accuracy: { label: "accuracy", form: share }, exact_match: { label: "exact match", form: share },
  r2: { label: "R²", form: score }, perplexity: { label: "perplexity", form: score } };

export class Bar {
  /** @type {boolean} */ playing;
  /** @type {Record<string, {value: HTMLElement, term: HTMLElement}>} */ numbers = {};

  /** send(command) goes to the run. */
  constructor(send) {
    this.send = send;
    this.play = h("button", { type: "button", class: "ll-play", "aria-label": "Play", title: "Play (space)",
      onclick: () => this.toggle() }, icon("play"));
    this.speed = h("select", { class: "ll-speed", "aria-label": "Speed", title: "How fast it trains",
      onchange: () => send({ op: "speed", steps: SPEEDS[this.speed.selectedIndex][1] }) },
    ...SPEEDS.map(([label]) => h("option", {}, label)));
    this.speed.selectedIndex = SPEEDS.length - 1;
    this.element = h("div", { class: "ll-bar", role: "toolbar", "aria-label": "Run" },
      h("div", { class: "ll-buttons" }, this.play,
        iconButton("step", "Step", () => send({ op: "step" })),
        iconButton("rewind", "Rewind", () => send({ op: "rewind" })), this.speed),
      h("dl", { class: "ll-numbers" }, ...this.number("step", "Step"), ...this.number("epoch", "Epoch"),
        ...this.number("rate", "Steps/s"), ...this.number("train", "Train loss"), ...this.number("test", "Test loss"),
        ...this.number("score", "Test accuracy")));
    this.keys = h("div", { class: "ll-keys", hidden: true }, ...KEYS.map(([key, meaning]) =>
      h("span", {}, h("kbd", {}, key), ` ${meaning}`)));
    this.time = new Timeline(send);
    this.element.append(iconButton("keys", "Keyboard shortcuts", () => this.help(), "ll-help"), this.time.element, this.keys);
    this.readAt = 0;
  }

  /** Show or hide what the keys do. */
  help() {
    this.keys.hidden = !this.keys.hidden;
  }

  number(name, label) {
    const value = h("dd", { "data-number": name }, "–");
    const term = h("dt", {}, label);
    this.numbers[name] = { value, term };
    return [h("div", {}, term, value)];
  }

  toggle() {
    this.send({ op: this.playing ? "pause" : "play" });
  }

  /** After a reconnection the run must hear again what was chosen here. */
  resend() {
    this.send({ op: "speed", steps: SPEEDS[this.speed.selectedIndex][1] });
  }

  /** Of a large split, the scores are those of a part: say so where they are pointed at. */
  explain({ train, test, evaluated }) {
    const { numbers } = this;
    for (const [number, count, split] of [[numbers.train, train, "training"], [numbers.test, test, "test"], [numbers.score, test, "test"]]) {
      number.value.title = count > evaluated ? `On ${partOf(evaluated, count, split)}` : "";
    }
  }

  show(scene, frame, now) {
    const playing = frame.status === "playing";
    if (playing !== this.playing) {
      this.playing = playing;
      this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
      this.play.title = playing ? "Pause (space)" : "Play (space)";
      this.play.replaceChildren(icon(playing ? "pause" : "play"));
      this.play.classList.toggle("ll-on", playing);
    } else if (playing && now - this.readAt < READ_EVERY) {
      return;
    }
    this.readAt = now;
    this.time.draw(frame);
    const { numbers } = this;
    const untrained = frame.step === undefined;
    numbers.step.value.textContent = untrained ? "–" : whole(frame.step);
    numbers.epoch.value.textContent = untrained ? "–" : whole(Math.floor(frame.epoch));
    numbers.rate.value.textContent = frame.steps_per_second ? whole(frame.steps_per_second) : "–";
    numbers.train.value.textContent = score(frame.train_loss);
    numbers.test.value.textContent = score(frame.test_loss);
    const { label, form } = METRICS[scene.metric];
    numbers.score.term.textContent = `Test ${label}`;
    numbers.score.value.textContent = untrained || frame.test_score === null ? "–" : form(frame.test_score);
  }
}
