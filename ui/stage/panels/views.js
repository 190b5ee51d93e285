// One layer's own views, drawn live. What there is to see comes from the layer, how it looks from its kind.

import { h, fitCanvas } from "../dom.js";
import { kinds } from "../draw/kinds.js";

const OF_ONE = ["attention", "gates", "maps", "tokens", "curve"];            // kinds that show one example
const FIRST = ["attention", "gates", "maps", "points", "kernels", "tokens", "matrix", "curve", "bars", "distribution"];

export class ViewsPanel {
  title = "Views";

  constructor(stage) {
    this.stage = stage;
    this.name = h("h3", {}, "");
    this.tabs = h("select", { class: "ll-speed", "aria-label": "View", onchange: () => this.choose(this.tabs.value) });
    this.canvas = h("canvas", { role: "img" });
    this.tip = h("div", { class: "ll-tip", hidden: true });
    this.note = h("p", { class: "ll-caption" });
    this.frame = h("div", { class: "ll-inspect-frame" }, this.canvas, this.tip);
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" }, this.name, this.tabs), this.frame, this.note);
    this.canvas.addEventListener("pointermove", (event) => { this.pointer = { x: event.offsetX, y: event.offsetY }; this.explain(); });
    this.canvas.addEventListener("pointerleave", () => { this.pointer = null; this.tip.hidden = true; });
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.wanted = {};                 // the chosen view of each kind of layer
  }

  onExample() {
    return OF_ONE.includes(this.view?.kind);
  }

  themed(colors) {
    this.colors = colors;
  }

  show(scene, selected) {
    this.scene = scene;
    this.select(selected);
  }

  /** Show the view with this name first where there is one. */
  prefer(first) {
    this.first = first;
  }

  /** Show the layer with this index among the person's own; without any, the output. */
  select(index) {
    if (!this.scene) return;
    const layer = this.scene.layers.find((candidate) => candidate.own && candidate.index === index) ?? this.scene.layers.at(-1);
    this.layer = layer;
    this.views = [...layer.views].filter((view) => kinds[view.kind])
      .sort((a, b) => FIRST.indexOf(a.kind) - FIRST.indexOf(b.kind));
    this.frame.hidden = this.tabs.hidden = !this.views.length;
    this.name.textContent = layer.title;
    if (!this.views.length) {
      this.view = null;
      this.note.textContent = "There is nothing to see until the layers fit each other.";
      return;
    }
    const short = (view) => view.name.slice(layer.name.length + 1);
    this.tabs.replaceChildren(...grouped(this.views));
    const wanted = this.views.find((view) => short(view) === this.wanted[layer.kind])
      ?? this.views.find((view) => view.name.endsWith(`.${this.first}`)) ?? this.views[0];
    this.choose(wanted.name);
  }

  choose(name) {
    this.view = this.views.find((view) => view.name === name);
    this.tabs.value = name;
    this.wanted[this.layer.kind] = name.slice(this.layer.name.length + 1);
    this.canvas.dataset.view = name;
    this.canvas.setAttribute("aria-label", `${this.view.title} (${this.view.axes.join(", ")})`);
    const click = this.view.parameter ? "Click a number to change it." : this.switchable() ? "Click one to switch it off." : "";
    this.note.textContent = [kinds[this.view.kind].look, this.view.note, click].filter(Boolean).join(" ");
    this.stage.inspect?.offerExamples();
    this.stage.watch();
  }

  needs() {
    return this.view ? [`view:${this.view.name}`] : [];
  }

  draw({ arrays }) {
    const array = this.view && arrays[`view:${this.view.name}`];
    if (!array) return;
    const { draw, height } = kinds[this.view.kind];
    const about = { view: this.view, colors: this.colors, range: arrays[`view:${this.view.name}.range`],
      tokens: this.tokens(), words: this.words(), off: this.switchable() ? this.layer.settings.off : [], width: this.frame.clientWidth };
    const tall = height(array, about);
    const context = fitCanvas(this.canvas, about.width, tall);
    context.clearRect(0, 0, about.width, tall);
    this.at = draw(context, array, { ...about, height: tall, pointer: this.pointer });
    this.explain();
  }

  /** The words along the axes of attention: what asks, and what is looked at. */
  tokens() {
    const { tokens, target } = this.scene.probe;
    const writes = this.layer.stack === "decoder";
    return { query: writes ? target : tokens, key: writes && !this.view.name.includes("attention.attention") ? tokens : writes ? target : tokens };
  }

  /** Whether a tile of this view stands for something that the layer can switch off: a filter, a head. */
  switchable() {
    const { name, kind } = this.view;
    const own = name.slice(this.layer.name.length + 1);
    return Array.isArray(this.layer.settings.off) && (["attention", "attention.attention"].includes(own) || ["kernels", "maps"].includes(kind));
  }

  /** A number that can be changed opens the editor, and so does a filter or a head. */
  click(event) {
    const place = { x: event.offsetX, y: event.offsetY };
    const cell = this.at?.cell?.(place);
    if (!cell) return;
    const { parameter, name } = this.view;
    this.pointer = null;                 // the tip would lie over the editor
    this.tip.hidden = true;
    this.stage.hands.open({ title: cell.name, layer: this.layer,
      unit: this.switchable() ? cell.tile.unit ?? null : null,
      parameter: parameter && cell.tile.index
        ? { name: parameter, index: cell.tile.index(cell.row, cell.column), label: "Weight value", from: `view:${name}` } : null }, event);
  }

  /** The words of the vocabulary that this layer reads. */
  words() {
    const { vocabulary, words } = this.scene.data;
    return (this.layer.stack === "decoder" ? words : vocabulary) ?? [];
  }

  explain() {
    const text = this.pointer && this.at?.(this.pointer);
    this.tip.hidden = !text;
    if (!text) return;
    this.tip.textContent = text;
    this.tip.style.left = `${Math.max(4, Math.min(this.pointer.x + 14, this.frame.clientWidth - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(0, this.pointer.y - 34)}px`;
  }
}

/** The views as options, those of each part of a layer together; what has the same name in a part says which it is. */
function grouped(views) {
  const parts = Map.groupBy(views, (view) => view.part);
  const option = (view, all) => h("option", { value: view.name },
    all.filter((other) => other.title === view.title).length > 1 ? `${view.title} (${view.name.split(".").at(-1)})` : view.title);
  return [...parts].flatMap(([part, all]) => (part ? [h("optgroup", { label: part }, ...all.map((view) => option(view, all)))]
    : all.map((view) => option(view, all))));
}
