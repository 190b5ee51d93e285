// Landscape: the loss around the weights of now, as a map or a surface, with the run's way on it.

import { h } from "../lib/dom.js";
import { filled, hasWebGL, Plot } from "../wire/plotly.js";
import { LossGrid } from "../draw/loss_grid.js";
import { knobs } from "../wire/questions.js";
import { fixed, many, minus, precise, whole } from "../lib/format.js";

/** @import { PanelHost, Scene } from "../wire/host.d.ts" */

const NARROW = 480;          // pixels below which a surface has room for short titles only
const REDRAW_EVERY = 150;    // ms between redraws while losses come in
const FOLLOW_EVERY = 700;    // ms between landscapes that follow the run
const short = (value) => (value < 0.001 ? minus(value.toExponential(2)) : precise(value));
const LOOK = {
  random: "Each point is the network with its weights moved along two random directions; 1 is as far as the weights are long. Wide, smooth valleys are easy to train in, narrow and rugged ones are not. The cross is the network of now; the line is the run's shadow.",
  path: "The two directions along which the run has moved most. The line leads from its first weights to the cross, the weights of now: does it go straight down, swing to and fro, or follow a valley?",
};

export class LandscapePanel {
  title = "Landscape";
  /** @type {Scene} */ scene;
  /** @type {Scene} */ shownOf;
  /** @type {LossGrid | null} */ terrain = null;
  /** @type {LossGrid | null} */ coming = null;
  /** @type {number} */ drawnAt;
  /** @type {ReturnType<typeof setTimeout> | null} */ later = null;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.seed = 0;
    const choice = (label, options, onchange) => h("select", { class: "ll-speed", "aria-label": label, onchange },
      ...options.map(([value, text]) => h("option", { value }, text)));
    this.directions = choice("Directions", [["random", "Random directions"], ["path", "Directions of the run"]], () => this.ask());
    this.resolution = choice("Resolution", [], () => this.ask());
    this.form = choice("Picture", [["contour", "Map"], ["surface", "Surface"]], () => this.redraw());
    this.reach = h("input", { type: "range", step: "0.05", "aria-label": "Range",
      oninput: () => this.sayReach(), onchange: () => this.ask() });
    this.reachText = h("output", {}, "1");
    this.log = h("input", { type: "checkbox", onchange: () => this.redraw() });
    this.follow = h("input", { type: "checkbox", onchange: () => this.followed() });
    this.other = h("button", { type: "button", class: "ll-text-button", onclick: () => { this.seed += 1; this.ask(); } }, "Other directions");
    this.again = h("button", { type: "button", class: "ll-text-button", onclick: () => this.ask() }, "Compute again");
    this.progress = h("progress", { "aria-label": "Points computed", max: "1", value: "0" });
    this.state = h("p", { class: "ll-caption", role: "status" });
    this.plot = new Plot(stage, "landscape", "The loss around the weights of now");
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", {}, h("div", { class: "ll-controls" }, this.directions, this.form, this.resolution,
      h("label", {}, "Range", this.reach, this.reachText), h("label", {}, this.log, "Log scale"),
      h("label", {}, this.follow, "Follow the run"), this.other, this.again),
    h("div", { class: "ll-progress" }, this.progress, this.state), this.plot.element, this.note);
  }

  themed(colors) {
    this.plot.themed(colors);
  }

  opened() {
    if (!this.coming && this.shownOf !== this.scene) this.ask();
  }

  show(scene) {
    this.scene = scene;
    this.terrain = this.coming = null;
    if (!this.resolution.length) this.offer(knobs(scene, "landscape"));
  }

  /** The controls offer what may be asked.
   * @param {Record<string, any>} limits */
  offer({ resolution: { low, high, step, default: usual }, reach }) {
    const sizes = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step);
    this.resolution.replaceChildren(...sizes.map((size) => h("option", { value: size, selected: size === usual }, `${size} × ${size}`)));
    [this.reach.min, this.reach.max] = reach.slider.map((end) => String(Number(Math.log10(end).toFixed(2))));
    this.reach.value = String(Math.log10(reach.default));
  }

  followed() {
    if (this.follow.checked && !this.coming) this.ask();
  }

  /** How far the landscape reaches, as the slider says. */
  get stretch() {
    return Number((10 ** Number(this.reach.value)).toPrecision(2));
  }

  sayReach() {
    this.reachText.textContent = String(this.stretch);
  }

  ask() {
    const kind = this.directions.value;
    this.other.hidden = kind !== "random";
    this.shownOf = this.scene;
    this.stage.ask("landscape", { directions: kind, resolution: Number(this.resolution.value), seed: this.seed,
      reach: this.stretch });
  }

  answered(message) {
    const { header } = message;
    if (header.instrument !== "landscape") return;
    if (header.error) {
      this.coming = this.terrain = null;
      this.state.textContent = header.error;
      this.plot.element.hidden = this.progress.hidden = true;
      this.note.textContent = "";
      return;
    }
    if (header.phase === "plane") this.coming = new LossGrid(message);
    else if (header.phase === "losses") this.coming?.take(message);
    else if (header.phase === "path.loss") this.coming?.pathLoss.push(...message.arrays["path.loss"]);
    // While the run is followed, the last landscape stays until the next is whole.
    if (this.coming && (header.phase === "done" || !this.follow.checked || !this.terrain)) this.terrain = this.coming;
    if (header.phase === "done") this.coming = null;
    const now = performance.now();
    if (header.phase === "done" || (this.terrain === this.coming && now - (this.drawnAt ?? 0) > REDRAW_EVERY)) {
      this.drawnAt = now;
      this.redraw();
    }
  }

  /** Called with every frame: says how old the landscape is, and follows the run if asked to. */
  draw({ step }) {
    if (!this.terrain) return;
    const { header } = this.terrain;
    const age = step === header.step ? "" : ` The run is at step ${whole(step)}.`;
    const words = `Step ${whole(header.step)}, loss ${header.value === null ? "not finite" : short(header.value)} on ${many(header.examples, "training example")}.${this.follow.checked ? "" : age}`;
    if (this.state.textContent !== words) this.state.textContent = words;
    this.progress.value = this.coming ? this.coming.share : 1;
    this.progress.hidden = !this.coming || this.follow.checked;
    if (this.follow.checked && !this.coming && step !== header.step) this.keepUp();
  }

  /** Compute it anew, but leave the page time for its frames: a redraw takes Plotly as long as several of them. */
  keepUp() {
    const rest = this.drawnAt + FOLLOW_EVERY - performance.now();
    if (rest <= 0) this.ask();
    else this.later ??= setTimeout(() => { this.later = null; this.stage.schedule(); }, rest);
  }

  redraw() {
    const { terrain } = this;
    const { figures } = this.stage.data ?? {};
    if (!terrain?.count || !figures) return;
    this.plot.element.hidden = false;
    terrain.level(this.log.checked);
    const flat = this.form.value === "contour" || !hasWebGL();
    const { data, layout } = figures[flat ? "contour" : "surface"];
    const columns = { ...terrain.columns, ...terrain.way("path", terrain.arrays.path), ...terrain.way("here", terrain.arrays.here),
      "path.about": Array.from(terrain.arrays["path.step"], (step, i) => [step, terrain.pathLoss[i] ?? null]) };
    const traces = data.map((trace) => {
      const copy = filled(trace, (source) => columns[source]);
      return copy.colorbar ? { ...copy, colorbar: { ...copy.colorbar, title: { ...copy.colorbar.title, text: terrain.unit } } } : copy;
    });
    this.plot.show(traces, flat ? this.flat(layout, terrain) : this.deep(layout, terrain));
    this.plot.element.dataset.form = flat ? "contour" : "surface";
    const { directions, share } = terrain.header;
    this.note.textContent = LOOK[directions] + (share ? ` They hold ${fixed(share * 100, 0)} % of its movement.` : "")
      + terrain.caution + (flat && this.form.value === "surface" ? " This browser can't draw in three dimensions (WebGL is off), so here is the map." : "");
  }

  /** @param {LossGrid} terrain */
  titles(terrain) {
    return terrain.header.axes.map((text) => text[0].toUpperCase() + text.slice(1));
  }

  /** @param {LossGrid} terrain */
  flat(layout, terrain) {
    const { a, b } = terrain;
    const [x, y] = this.titles(terrain);
    return { ...layout, xaxis: { ...layout.xaxis, range: [a[0], a.at(-1)], title: { ...layout.xaxis.title, text: x } },
      yaxis: { ...layout.yaxis, range: [b[0], b.at(-1)], title: { ...layout.yaxis.title, text: y } }, uirevision: `${this.scene.generation} ${terrain.header.directions} ${a[0]}` };
  }

  /** @param {LossGrid} terrain */
  deep(layout, terrain) {
    const narrow = this.plot.element.clientWidth < NARROW;
    const [x, y] = narrow ? ["First", "Second"] : this.titles(terrain);
    return { ...layout, scene: { ...layout.scene, xaxis: { title: { text: x } }, yaxis: { title: { text: y } },
      zaxis: { title: { text: terrain.unit } } } };
  }
}
