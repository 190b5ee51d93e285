// A figure that one can move: its controls, its drawing, and the way of its values to the engine and back.

import { Colors, isDark } from "../lib/colors.js";
import { h } from "../lib/dom.js";
import { fixed, rounded } from "../lib/format.js";

const explorers = new WeakMap();
const PATIENCE = 1500; // ms after which an answer that has not come is no longer waited for

/** A `mount` for a component whose drawing is an instance of Drawing(explorer), with element and draw(shown, explorer). */
export function figure(Drawing) {
  return (component) => {
    const { parentElement } = component;
    let explorer = explorers.get(parentElement);
    if (explorer) explorer.update(component);
    else explorers.set(parentElement, (explorer = new Explorer(component, Drawing)));
    return () => setTimeout(() => {
      if (explorer.root.isConnected) return;
      explorer.close();
      explorers.delete(parentElement);
    }, 0);
  };
}

class Explorer {
  /** @type {any} */ component;
  /** @type {any} */ data;
  /** @type {Colors} */ colors;
  /** @type {number} */ width;
  /** @type {string | null} */ known = null;
  /** @type {Record<string, (now: number) => void>} */ shows;
  /** @type {boolean} */ pending;
  /** @type {boolean} */ waiting;
  /** @type {number} */ sentAt;

  constructor(component, Drawing) {
    this.values = { ...component.data.values };
    this.sent = component.data.seen;
    this.panel = h("div", { class: "ll-knobs" });
    this.look = h("p", { class: "ll-caption" });
    this.drawing = new Drawing(this);
    this.root = h("section", { class: "ll-stage ll-explore", "data-testid": "explore" }, this.panel, this.drawing.element, this.look);
    component.parentElement.append(this.root);
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.root);
    this.update(component);
  }

  update(component) {
    this.component = component;
    const { data } = component;
    this.data = data;
    if (data.seen >= this.sent && !this.pending) this.values = { ...data.values };
    if (JSON.stringify(data.controls) !== this.known) this.build(data.controls);
    this.look.textContent = data.look;
    this.waiting = data.seen < this.sent && this.waiting;
    if (this.pending && !this.waiting) this.send();
    this.draw();
  }

  draw() {
    const dark = isDark(this.root);
    if (this.colors?.dark !== dark) this.colors = new Colors(this.data.colors, dark);
    this.width = this.look.clientWidth;
    if (this.width) this.drawing.draw(this.data.shown, this);
    this.root.dataset.seen = this.data.seen;
  }

  /** Change values; the engine's answer comes as soon as the last one has been drawn. */
  set(changes) {
    Object.assign(this.values, changes);
    for (const name of Object.keys(changes)) this.shows?.[name]?.(changes[name]);
    this.pending = true;
    if (!this.waiting || performance.now() - this.sentAt > PATIENCE) this.send();
  }

  send() {
    this.pending = false;
    this.waiting = true;
    this.sentAt = performance.now();
    this.sent += 1;
    this.component.setStateValue("chosen", { ...this.values, seen: this.sent });
  }

  build(controls) {
    this.known = JSON.stringify(controls);
    this.shows = {};
    this.panel.replaceChildren(...controls.map((control) => (control.kind === "Pick" ? this.pick(control) : this.slide(control))));
    this.panel.hidden = !controls.length;
  }

  pick({ name, label, options, help }) {
    const select = h("select", { class: "ll-speed", "aria-label": label, onchange: () => this.set({ [name]: select.value }) },
      ...options.map(([value, title]) => h("option", { value, selected: value === this.values[name] }, title)));
    return h("label", { class: "ll-control", title: help || null }, h("span", {}, label), select);
  }

  /** A slider; a logarithmic one moves over the powers of ten. */
  slide({ name, label, low, high, step, help, log }) {
    const decimals = Math.max(0, (String(step).split(".")[1] ?? "").length);
    const written = (v) => (log ? rounded(v, 2) : fixed(v, decimals));
    const [to, from] = log ? [Math.log10, (p) => 10 ** p] : [(v) => v, (p) => p];
    const value = h("b", {}, written(this.values[name]));
    const range = h("input", { type: "range", min: to(low), max: to(high), step: log ? 0.05 : step, value: to(this.values[name]), "aria-label": label,
      oninput: () => this.set({ [name]: Number(from(Number(range.value)).toPrecision(6)) }) });
    this.shows[name] = (now) => {
      value.textContent = written(now);
      if (Math.abs(Number(range.value) - to(now)) > 1e-6) range.value = to(now);
    };
    return h("label", { class: "ll-control", title: help || null }, h("span", {}, label, value), range);
  }

  close() {
    this.resizes.disconnect();
    this.drawing.close?.();
  }
}
