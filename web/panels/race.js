// Race: several optimizers from the same first weights, their losses side by side and their ways on one plane.

import { h, iconButton, tableRow } from "../lib/dom.js";
import { filled, Plot } from "../wire/plotly.js";
import { LossGrid } from "../draw/loss_grid.js";
import { knobs } from "../wire/questions.js";
import { many, precise } from "../lib/format.js";

/** @import { PanelHost } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const REDRAW_EVERY = 150;
const FIRST = ["sgd", "momentum", "rmsprop", "adam"];

export class RacePanel {
  title = "Race";
  /** @type {Colors} */ colors;
  /** @type {any} */ tracks;
  /** @type {boolean} */ running;
  /** @type {number} */ length;
  /** @type {number} */ drawnAt;
  /** @type {LossGrid | null} */ terrain = null;
  /** @type {{kind: string, lr: number}[]} */ racers = [];
  /** @type {number | null} */ most = null;                 // racers: the scene knows how many there may be

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.rows = h("div", { class: "ll-racers", role: "list", "aria-label": "Racers" });
    this.add = h("button", { type: "button", class: "ll-text-button", onclick: () => this.enter("sgd") }, "Add an optimizer");
    this.steps = h("input", { type: "number", "aria-label": "Steps" });
    this.go = h("button", { type: "button", class: "ll-text-button ll-go", onclick: () => this.start() }, "Race");
    this.progress = h("progress", { "aria-label": "Race", max: "1", value: "0", hidden: true });
    this.state = h("p", { class: "ll-caption", role: "status" });
    this.curves = new Plot(stage, "race", "Loss of every racer over its steps");
    this.plane = new Plot(stage, "race-plane", "The racers' ways through the space of weights");
    this.results = h("table", { class: "ll-table" });
    this.pictures = h("div", { class: "ll-pair", hidden: true },
      h("div", {}, this.curves.element, h("p", { class: "ll-caption" }, "Loss on the same training examples for all. Who falls fastest, who gets lowest, who jumps about?")),
      this.ways = h("div", {}, this.plane.element, h("p", { class: "ll-caption" }, "Where each of them went, on the plane on which their ways differ most; greyer is a higher loss. All begin at the cross.")));
    this.element = h("div", {}, this.rows, h("div", { class: "ll-controls" }, this.add, h("label", {}, "Steps", this.steps), this.go),
      h("div", { class: "ll-progress" }, this.progress, this.state), this.pictures, this.results);
  }

  themed(colors) {
    this.colors = colors;
    this.curves.themed(colors);
    this.plane.themed(colors);
    this.list();
  }

  opened() {
    if (this.racers.length) return;
    const own = this.stage.spec.training.optimizer;
    this.racers = [{ kind: own.kind, lr: own.lr }];
    for (const kind of FIRST.filter((name) => name !== own.kind).slice(0, 2)) this.enter(kind);
    this.state.textContent = "Your own run is not touched: the race has networks of its own, from the same seed and the same batches.";
  }

  show(scene) {
    const { racers, steps } = knobs(scene, "race");
    if (this.most === null) Object.assign(this.steps, { min: steps.low, max: steps.high, step: steps.step, value: steps.default });
    this.most = racers.longest;
    this.tracks = null;
    this.pictures.hidden = true;
    this.results.replaceChildren();
    this.stop();
  }

  enter(kind) {
    if (this.racers.length === this.most) return;
    this.racers.push({ kind, lr: this.stage.data.optimizers.find((option) => option.kind === kind).lr });
    this.list();
  }

  /** The racers' rows. */
  list() {
    this.rows.replaceChildren(...this.racers.map((racer, i) => h("div", { class: "ll-racer", role: "listitem" },
      h("i", { style: `background:${this.colors.ofClass(i)}` }),
      h("select", { class: "ll-speed", "aria-label": `Optimizer ${i + 1}`, onchange: (event) => {
        racer.kind = event.target.value;
        racer.lr = this.stage.data.optimizers.find((option) => option.kind === racer.kind).lr;
        this.list();
      } }, ...this.stage.data.optimizers.map(({ kind, label }) => h("option", { value: kind, selected: kind === racer.kind }, label))),
      h("label", {}, "Learning rate", h("input", { type: "number", min: "0", step: "any", value: racer.lr,
        "aria-label": `Learning rate ${i + 1}`, onchange: (event) => { racer.lr = Number(event.target.value); } })),
      this.racers.length > 1 ? iconButton("close", `Remove racer ${i + 1}`, () => { this.racers.splice(i, 1); this.list(); }) : null)));
    this.add.hidden = this.racers.length === this.most;
  }

  start() {
    if (this.running) {
      this.stop();
      this.state.textContent = "Stopped.";
      return;
    }
    this.stage.ask("race", { racers: this.racers, steps: Number(this.steps.value) });
  }

  stop() {
    if (this.running) this.stage.ask("race", { stop: true });
    this.run(false);
  }

  run(running) {
    this.running = running;
    this.go.textContent = running ? "Stop" : "Race";
    this.progress.hidden = !running;
  }

  answered(message) {
    const { header, arrays } = message;
    if (header.instrument !== "race") return;
    if (header.error) {
      this.run(false);
      this.state.textContent = header.error;
      return;
    }
    if (header.phase === "start") this.begin(header);
    if (!this.tracks) return;
    if (arrays.marks) this.mark(arrays.marks);
    if (header.fell) header.fell.forEach((words, i) => { this.tracks[i].fell = words; });
    if (header.phase === "plane") this.terrain = new LossGrid(message);
    if (header.phase === "losses") this.terrain?.take(message);
    if (header.phase === "done") this.run(false);
    const now = performance.now();
    if (header.phase === "done" || now - this.drawnAt > REDRAW_EVERY) {
      this.drawnAt = now;
      this.redraw();
    }
  }

  begin(header) {
    this.tracks = header.racers.map((racer) => ({ ...racer, step: [], loss: [], fell: "" }));
    this.length = header.steps;
    this.terrain = null;
    this.drawnAt = 0;
    this.pictures.hidden = false;
    this.ways.hidden = true;
    this.run(true);
  }

  mark(rows) {
    for (let k = 0; k < rows.length; k += 3) {
      this.tracks[rows[k]].step.push(rows[k + 1]);
      this.tracks[rows[k]].loss.push(rows[k + 2]);
    }
  }

  redraw() {
    const { figures } = this.stage.data;
    const name = ({ label, lr }) => `${label}, ${lr}`;
    const furthest = Math.min(...this.tracks.map(({ step, fell }) => (fell ? this.length : step.at(-1) ?? 0)));
    this.progress.value = furthest / this.length;
    this.state.textContent = this.running ? `${this.terrain ? "Mapping the plane" : "Racing"}: step ${furthest} of ${this.length}` : this.winner();
    const columns = Object.assign({}, ...this.tracks.map(({ step, loss }, i) => ({ [`${i}.step`]: [...step], [`${i}.loss`]: [...loss] })));
    const named = (figure) => figure.data.map((trace) => ({ ...filled(trace, (source) => columns[source]),
      ...(this.tracks[trace.name] ? { name: name(this.tracks[trace.name]) } : {}) })).filter((trace) => trace.x?.length);
    this.curves.show(named(figures.race_curves), figures.race_curves.layout);
    this.tell();
    const { terrain } = this;
    if (!terrain?.count) return;
    this.ways.hidden = false;
    terrain.level(true);
    Object.assign(columns, terrain.columns, ...this.tracks.map(({ step, loss }, i) => ({
      ...terrain.way(String(i), terrain.arrays[`path.${i}`]), [`${i}.about`]: step.map((at, k) => [at, loss[k]]) })),
    terrain.way("start", terrain.arrays["path.0"].slice(0, 2)));
    const { layout } = figures.race_plane;
    const traces = named(figures.race_plane);
    traces[0].colorscale = [[0, this.colors.surface], [1, this.colors.quiet]];       // the racers have the colours
    traces.at(-1).marker = { ...traces.at(-1).marker, color: this.colors.ink };      // the start
    traces[0].colorbar = { ...traces[0].colorbar, title: { ...traces[0].colorbar.title, text: terrain.unit } };
    this.plane.show(traces, { ...layout, showlegend: false });
  }

  /** The racers in order of their last loss. */
  ranking() {
    const last = ({ loss, fell }) => (fell ? Infinity : loss.at(-1));
    return [...this.tracks].sort((one, other) => last(one) - last(other));
  }

  winner() {
    const [first] = this.ranking();
    return first.fell ? "All are out: lower the learning rates." : `After ${many(this.length, "step")} ${first.label} is lowest, at ${precise(first.loss.at(-1))}.`;
  }

  tell() {
    this.results.replaceChildren(tableRow(["Optimizer", "Learning rate", "Loss", "Lowest loss"], "th"), ...this.ranking().map((track) =>
      tableRow([track.label, String(track.lr), track.fell || (track.loss.length ? precise(track.loss.at(-1)) : "–"), precise(Math.min(...track.loss))])));
  }
}
