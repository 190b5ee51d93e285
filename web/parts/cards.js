// The layers' cards: one above each column of the diagram. They add, remove, move and resize layers.

import { h, icon, iconButton } from "../lib/dom.js";
import { many } from "../lib/format.js";
import { notesBadge } from "./notes.js";
import { changed, inserted, moved, removed } from "../wire/spec.js";

export class Cards {
  /** @type {Record<string, any>[] | null} */ layers;
  /** @type {any[]} */ palette = [];
  /** @type {HTMLElement[]} */ columns = [];

  /** edit(layers => layers) and select(index) say what the person did: quick clicks are ahead of what is drawn. */
  constructor({ edit, select }) {
    this.callbacks = { edit, select };
    this.element = h("div", { class: "ll-cards", role: "list", "aria-label": "Layers" });
    this.menu = h("div", { class: "ll-menu", role: "menu", "aria-label": "Add a layer", hidden: true });
    this.selected = 0;
    this.element.addEventListener("focusout", (event) => {
      if (!this.menu.hidden && !this.menu.contains(/** @type {Node | null} */ (event.relatedTarget))) this.menu.hidden = true;
    });
  }

  /** palette: [{kind, label, help, group, fits: [positions]}]. */
  setup(palette, selected) {
    this.palette = palette;
    this.selected = selected;
    this.mark();
  }

  show(scene, spec) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.focus;
    this.layers = spec.network.layers ?? null;        // an encoder and a decoder are shown, not edited
    const { data, layers } = scene;
    const features = data.features.length;
    const slots = [h("div", { class: "ll-card ll-end", role: "listitem" }, face(
      h("div", { class: "ll-title" }, "Input"), h("div", { class: "ll-sub" }, data.name),
      h("div", { class: "ll-shape" }, data.input_shape.length === 1 && features ? many(features, "feature") : data.text ? many(data.input_shape[0], "token") : data.input_shape.join(" × "))), notesBadge(data.notes))];
    for (const layer of layers) {
      slots.push(layer.own ? this.card(layer) : this.outputCard(layer, scene));
      if (this.layers) slots[slots.length - 1].prepend(this.plus(layer.index));
    }
    this.element.replaceChildren(...slots, this.menu);
    this.element.style.setProperty("--columns", String(slots.length));
    this.columns = slots;
    this.mark();
    if (focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-focus="${focused}"]`))?.focus({ preventScroll: true });
  }

  /** Whole cards, narrow ones, or ones whose title stands upright, in a row of this width. Narrow ones show all when
   *  pointed at. Where a word would not fit, titles stand upright too. */
  fit(how, width) {
    const { element } = this;
    element.style.width = `${width}px`;
    element.classList.toggle("ll-narrow", how !== "whole");
    element.classList.toggle("ll-upright", how === "upright");
    if (how === "whole") return;
    const titles = [.../** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".ll-title"))];
    if (titles.some((title) => title.scrollWidth > title.clientWidth)) element.classList.add("ll-upright");
    element.style.setProperty("--tall", `${Math.max(44, ...titles.map((title) => title.offsetHeight + 16), element.classList.contains("ll-upright") ? 70 : 0)}px`);
  }

  mark() {
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-layer]"))) {
      card.classList.toggle("ll-selected", Number(card.dataset.layer) === this.selected);
    }
  }

  plus(index) {
    const button = iconButton("add", `Add a layer at position ${index + 1}`, () => this.open(index, button), "ll-plus");
    return button;
  }

  outputCard(layer, scene) {
    const words = scene.task === "regression" ? "prediction" : scene.task === "binary" ? "two classes"
      : `${scene.data.outputs} classes`;
    return h("div", { class: `ll-card ll-end ${layer.error ? "ll-wrong" : ""}`, role: "listitem" }, face(
      h("div", { class: "ll-title" }, layer.title), h("div", { class: "ll-sub" }, words),
      h("div", { class: "ll-shape" }, layer.error || many(layer.parameters, "parameter"))));
  }

  card(layer) {
    const { index, settings } = layer;
    const size = this.layers && layer.size;
    const count = this.layers?.length ?? 0;
    const resize = (by) => this.callbacks.edit((layers) => changed(layers, index, { [size]: Math.max(1, (layers[index]?.[size] ?? settings[size]) + by) }));
    const bend = settings.activation ?? settings.function ?? "";
    const control = (name, label, act) => {
      const button = iconButton(name, label, (event) => { event.stopPropagation(); act(); });
      button.dataset.focus = `${name}-${index}`;
      return button;
    };
    const card = h("div", { class: `ll-card ${layer.error ? "ll-wrong" : ""}`, role: "listitem", tabindex: "0",
      draggable: this.layers ? "true" : null, "data-layer": index, "data-focus": `card-${index}`,
      "aria-label": layer.title,
      onclick: () => this.pick(index),
      onkeydown: (event) => this.cardKey(event, index),
      ondragstart: (event) => event.dataTransfer.setData("text/layer", String(index)),
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => this.drop(event, index) },
    face(h("div", { class: "ll-title" }, layer.short, settings.frozen ? h("span", { class: "ll-lock", role: "img", "aria-label": "frozen", title: "Frozen: its weights stay as they are" }, icon("lock")) : ""),
    h("div", { class: "ll-sub" }, size ? h("span", { class: "ll-size" },
      control("remove", `Fewer ${size}`, () => resize(-1)), h("b", {}, String(settings[size])),
      control("add", `More ${size}`, () => resize(1))) : "", size ? h("span", { class: "ll-bend" }, bend) : bend),
    h("div", { class: "ll-shape" }, layer.error || describe(layer)),
    this.layers && h("div", { class: "ll-tools" },
      control("left", "Move left", () => index > 0 && this.move(index, index - 1)),
      control("right", "Move right", () => index < count - 1 && this.move(index, index + 1)),
      control("close", "Remove layer", () => this.callbacks.edit((layers) => removed(layers, index))))));
    return card;
  }

  pick(index) {
    if (index === this.selected) return;
    this.selected = index;
    this.mark();
    this.callbacks.select(index);
  }

  move(from, to) {
    this.callbacks.edit((layers) => moved(layers, from, to));
    this.pick(to);
  }

  cardKey(event, index) {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") this.pick(index);
    else if (event.key === "Delete") this.callbacks.edit((layers) => removed(layers, index));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  drop(event, index) {
    event.preventDefault();
    const from = Number.parseInt(event.dataTransfer.getData("text/layer"), 10);
    if (Number.isInteger(from) && from !== index) this.move(from, index);
  }

  /** The palette of layers that can be put at a position; those that don't fit there come last, dimmed. */
  open(index, button) {
    const fits = (layer) => layer.fits.includes(index);
    const ordered = [...this.palette].sort((a, b) => fits(b) - fits(a));
    this.menu.replaceChildren(...ordered.map((layer) => h("button", {
      type: "button", role: "menuitem", class: fits(layer) ? "" : "ll-unfit",
      title: fits(layer) ? layer.help : `${layer.help} It does not fit here yet.`,
      onclick: () => {
        this.menu.hidden = true;
        this.callbacks.edit((layers) => inserted(layers, index, { kind: layer.kind }));
        this.pick(index);
      } }, h("b", {}, layer.label), h("span", {}, layer.help))));
    this.menu.hidden = false;
    const left = button.getBoundingClientRect().left - this.element.getBoundingClientRect().left;
    this.menu.style.left = `${Math.max(0, Math.min(left, this.element.clientWidth - this.menu.offsetWidth))}px`;
    this.menu.querySelector("button")?.focus();
    this.menu.onkeydown = (event) => {
      const items = [...this.menu.querySelectorAll("button")];
      const at = items.indexOf(/** @type {any} */ (document.activeElement));
      if (event.key === "Escape") { this.menu.hidden = true; button.focus(); }
      else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
      else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
      else return;
      event.preventDefault();
    };
  }
}

/** All that stands on a card: a narrow one shows its title only, and this lies over its neighbours when pointed at. */
function face(...parts) {
  return h("div", { class: "ll-face" }, ...parts);
}

function describe(layer) {
  const parameters = layer.parameters === null ? "" : layer.parameters ? many(layer.parameters, "parameter") : "no parameters";
  const { off, paths } = layer.settings;
  return [layer.shape ? layer.shape.join(" × ") : "", parameters, off?.length ? `${off.length} off` : "",
    paths && paths !== "both" ? `${paths} only` : ""].filter(Boolean).join(" · ");
}
