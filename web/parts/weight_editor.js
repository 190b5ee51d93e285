// WeightEditor on: a small editor for what was clicked. It changes a weight, switches a unit off, freezes a layer.

import { h, iconButton } from "../lib/dom.js";
import { changed } from "../wire/spec.js";

/** @import { EditTarget } from "../wire/host.d.ts" */

const LEAST_REACH = 2;       // how far the slider goes at least, on both sides of zero
const WIDTH = 264;

export class WeightEditor {
  /** @type {any} */ target = null;          // an EditTarget while it is open
  /** @type {number} */ reach;
  /** @type {boolean} */ held;
  /** @type {boolean} */ again;

  /** stage offers poke(command), undoPoke(), edit(path, value), watch(), its run and its spec. */
  constructor(stage) {
    this.stage = stage;
    this.title = h("b", {});
    this.number = h("input", { type: "number", step: "any", onchange: () => this.typed() });
    this.slider = h("input", { type: "range", step: "any", oninput: () => this.slid(), onchange: () => { this.again = false; } });
    this.what = h("span", { "aria-hidden": "true" });
    this.value = h("div", { class: "ll-hands-row" }, this.what, this.number, this.slider);
    this.off = h("input", { type: "checkbox", onchange: () => this.switchUnit() });
    this.frozen = h("input", { type: "checkbox", onchange: () => this.change({ frozen: this.frozen.checked }) });
    this.offLabel = h("label", {}, this.off, "Switch off");
    this.frozenLabel = h("label", {}, this.frozen, "Freeze layer");
    this.undo = h("button", { type: "button", class: "ll-text-button", onclick: () => stage.undoPoke() }, "Undo change");
    this.microscope = h("button", { type: "button", class: "ll-text-button", onclick: () => stage.instruments.examine(this.where()) }, "Under the microscope");
    this.element = h("div", { class: "ll-hands", role: "group", "aria-label": "Change by hand", tabindex: "-1", hidden: true,
      onkeydown: (event) => { if (event.key === "Escape") this.close(); } },
    h("div", { class: "ll-hands-head" }, this.title, iconButton("close", "Close", () => this.close())),
    this.value, h("div", { class: "ll-hands-row" }, this.offLabel, this.frozenLabel), h("div", { class: "ll-hands-row" }, this.undo, this.microscope));
    for (const name of /** @type {const} */ (["pointerdown", "pointerup", "pointercancel"])) {
      this.slider.addEventListener(name, () => { this.held = name === "pointerdown"; });
    }
  }

  /** target: {title, layer, unit, parameter: {name, index, label, from}}, each of the last two null where there is
   * none; `from` is the array of a frame that holds the parameter. place: where on the screen it was clicked.
   * @param {EditTarget} target
   * @param {{clientX: number, clientY: number}} place */
  open(target, place) {
    const { unit, parameter } = target;
    this.target = target;
    const settings = this.settings();
    const [can, freezes] = [unit !== null && Array.isArray(settings.off), "frozen" in settings];
    if (!parameter && !can && !freezes) return this.close();
    this.reach = 0;
    this.title.textContent = target.title;
    this.value.hidden = this.undo.hidden = this.microscope.hidden = !parameter;
    this.what.textContent = parameter?.label.split(" ")[0] ?? "";
    this.number.setAttribute("aria-label", parameter?.label ?? "");
    this.slider.setAttribute("aria-label", `${parameter?.label} slider`);
    this.offLabel.hidden = !can;
    this.frozenLabel.hidden = !freezes;
    this.element.hidden = false;
    const stage = this.stage.root.getBoundingClientRect();
    this.element.style.left = `${Math.max(4, Math.min(place.clientX - stage.left + 12, stage.width - WIDTH - 4))}px`;
    this.element.style.top = `${place.clientY - stage.top + 12}px`;
    this.element.focus({ preventScroll: true });
    this.stage.watch();
    if (this.stage.run.frame) this.draw(this.stage.run.frame);
  }

  /** The layer's settings, what was changed a moment ago among them; none where they are not the person's. */
  settings() {
    const { layer } = this.target;
    const own = layer.own && this.stage.spec.network.layers?.[layer.index];
    return own ? { ...layer.settings, ...own } : {};
  }

  close() {
    this.target = null;
    this.element.hidden = true;
    this.stage.watch();
  }

  /** A new scene: what is open stays open while its layer does. */
  show(scene) {
    const { layer } = this.target ?? {};
    const now = layer && scene.layers.find(({ name, kind }) => name === layer.name && kind === layer.kind);
    if (now) this.target.layer = now;
    else if (layer) this.close();
  }

  needs() {
    return this.target?.parameter ? [this.target.parameter.from.split(".")[0] === "weights" ? "weights" : this.target.parameter.from] : [];
  }

  draw(frame) {
    if (!this.target) return;
    const { unit, parameter } = this.target;
    const { off, frozen } = this.settings();
    this.off.checked = off?.includes(unit) ?? false;
    this.frozen.checked = frozen ?? false;
    this.undo.disabled = !frame.pokes;
    const array = parameter && frame.arrays[parameter.from];
    if (!array) return;
    const at = parameter.index.reduce((place, i, axis) => place * array.shape[axis] + i, 0);
    if (!this.held && document.activeElement !== this.number) this.showValue(array[at]);
  }

  showValue(value) {
    this.number.value = String(Number(value.toPrecision(4)));
    if (Math.abs(value) > this.reach) {
      this.reach = Math.max(LEAST_REACH, 2 * Math.abs(value));
      this.slider.min = String(-this.reach);
      this.slider.max = String(this.reach);
    }
    this.slider.value = String(value);
  }

  typed() {
    const value = this.number.value === "" ? null : Number(this.number.value);
    this.stage.poke({ ...this.where(), value });
    if (value !== null) this.showValue(value);
  }

  slid() {
    const value = Number(this.slider.value);
    this.number.value = String(Number(value.toPrecision(4)));
    this.stage.poke({ ...this.where(), value, again: this.again ?? false });
    this.again = true;
  }

  where() {
    const { name, index } = this.target.parameter;
    return { name, index };
  }

  switchUnit() {
    const { unit } = this.target;
    const others = this.settings().off.filter((other) => other !== unit);
    this.change({ off: this.off.checked ? [...others, unit].sort((a, b) => a - b) : others });
  }

  change(settings) {
    const { layers } = this.stage.spec.network;
    this.stage.edit(["network", "layers"], changed(layers, this.target.layer.index, settings));
  }
}
