// One layer's own views, drawn live. What there is to see comes from the layer, how it looks from its kind.

import { h } from "../lib/dom.js";
import { kinds } from "../draw/view_kinds.js";
import { changed } from "../wire/spec.js";
import { Heads } from "./heads.js";
import { Picture } from "./picture.js";

/** @import { Layer, PanelHost, Scene, View } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const OF_ONE = ["attention", "gates", "maps", "tokens", "curve"];            // kinds that show one example
const FIRST = ["attention", "gates", "maps", "points", "kernels", "tokens", "matrix", "curve", "bars", "distribution"];

export class ViewsPanel {
  title = "Views";
  /** @type {Colors} */ colors;
  /** @type {Scene} */ scene;
  /** @type {Layer} */ layer;
  /** @type {View[]} */ views;
  /** @type {any} */ view;
  /** @type {string} */ first;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.name = h("h3", {}, "");
    this.tabs = h("select", { class: "ll-speed", "aria-label": "View", onchange: () => this.choose(this.tabs.value) });
    this.picture = new Picture({}, () => { if (this.view?.kind === "gates") stage.schedule(); });
    this.heads = new Heads(() => stage.schedule(), (off) => stage.edit(["network", "layers"],
      changed(stage.spec.network.layers, this.layer.index, { off })));
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", {}, h("div", { class: "ll-inspect-head" }, this.name, this.tabs), this.heads.element, this.picture.element, this.note);
    this.picture.canvas.addEventListener("click", (event) => this.click(event));
    this.heads.listen(this.element);
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
    const layer = this.scene.layers.find((candidate) => candidate.own && candidate.index === index) ?? this.scene.layers[this.scene.layers.length - 1];
    this.layer = layer;
    this.views = [...layer.views].filter((view) => kinds[view.kind])
      .sort((a, b) => FIRST.indexOf(a.kind) - FIRST.indexOf(b.kind));
    this.picture.element.hidden = this.tabs.hidden = !this.views.length;
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
    this.picture.canvas.dataset.view = name;
    this.picture.canvas.setAttribute("aria-label", `${this.view.title} (${this.view.axes.join(", ")})`);
    const click = this.view.parameter ? "Click a number to change it." : this.view.kind !== "attention" && this.switchable() ? "Click one to switch it off." : "";
    this.note.textContent = [kinds[this.view.kind].look, this.view.note, click].filter(Boolean).join(" ");
    this.stage.instruments?.offerExamples();
    this.stage.watch();
  }

  needs() {
    return this.view ? [`view:${this.view.name}`] : [];
  }

  draw({ arrays }) {
    const array = this.view && arrays[`view:${this.view.name}`];
    const attention = this.view?.kind === "attention";
    this.heads.show(attention && array ? array.shape[0] : 0, this.switchesHeads() ? this.layer.settings.off : null);
    if (!array) return;
    const { draw, height } = kinds[this.view.kind];
    const about = { view: this.view, colors: this.colors, range: arrays[`view:${this.view.name}.range`], of: arrays[`view:${this.view.name}.of`]?.[0],
      tokens: this.tokens(), words: this.words(), off: this.switchable() ? this.layer.settings.off : [], width: this.picture.width,
      head: this.heads.head, pointer: this.picture.pointer };
    const tall = height(array, about);
    this.picture.paint(tall, (context) => draw(context, array, { ...about, height: tall }));
    if (attention) this.picture.canvas.setAttribute("aria-label", this.picture.at.label);
  }

  /** The words along the axes of a view: of what asks, or stands at each step, and of what is looked at. */
  tokens() {
    const { tokens, target } = this.scene.probe;
    const own = this.layer.stack === "decoder" ? target : tokens;
    return { query: own, key: this.view.axes.includes("source") ? tokens : own };
  }

  /** Whether a tile of this view stands for something that the layer can switch off: a filter, a head. */
  switchable() {
    const { name, kind } = this.view;
    const own = name.slice(this.layer.name.length + 1);
    return Array.isArray(this.layer.settings.off) && (["attention", "attention.attention"].includes(own) || ["kernels", "maps"].includes(kind));
  }

  /** Whether its tiles are heads that can be switched off here: behind an encoder they can't. */
  switchesHeads() {
    return this.view?.kind === "attention" && this.switchable() && this.layer.own && !this.layer.stack;
  }

  /** A number that can be changed opens the editor, and so does a filter; a head is enlarged. */
  click(event) {
    const place = { x: event.offsetX, y: event.offsetY };
    const head = this.picture.at?.head?.(place) ?? null;
    if (head !== null) this.heads.toggle(head);
    const cell = this.picture.at?.cell?.(place);
    if (!cell) return;
    const { parameter, name } = this.view;
    this.picture.rest();                 // the tip would lie over the editor
    this.stage.weightEditor.open({ title: cell.name, layer: this.layer,
      unit: this.switchable() ? cell.tile.unit ?? null : null,
      parameter: parameter && cell.tile.index
        ? { name: parameter, index: cell.tile.index(cell.row, cell.column), label: "Weight value", from: `view:${name}` } : null }, event);
  }

  /** The words of the vocabulary that this layer reads. */
  words() {
    const { vocabulary, words } = this.scene.data;
    return (this.layer.stack === "decoder" ? words : vocabulary) ?? [];
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
