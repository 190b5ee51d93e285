// The heads of an attention: all at once, or one enlarged; and where the layer lets them, each can be switched off.

import { h } from "../lib/dom.js";

export class Heads {
  /** @type {() => void} */ redraw;
  /** @type {((off: number[]) => void) | undefined} */ switchOff;
  /** @type {number | null} */ head = null;
  /** @type {number[]} */ heads = [];
  /** @type {HTMLButtonElement[]} */ buttons = [];
  /** @type {string} */ state;

  /** redraw(): another head is enlarged. switchOff(off): the list of heads that are to be off. */
  constructor(redraw, switchOff) {
    Object.assign(this, { redraw, switchOff });
    this.all = h("button", { type: "button", class: "ll-text-button", onclick: () => this.enlarge(null) }, "All heads");
    this.element = h("div", { class: "ll-heads", role: "group", "aria-label": "Heads", hidden: true });
  }

  /** Escape anywhere in this element leads back to all heads. */
  listen(element) {
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.head !== null) this.enlarge(null);
    });
  }

  /** There are so many heads, those of `off` switched off; null where none can be. */
  show(count, off) {
    const state = `${count}:${off}:${off === null}`;
    if (state === this.state) return;
    if (count && count !== this.heads?.length) this.head = null;
    this.state = state;
    this.element.hidden = !count || (count < 2 && off === null);
    if (!count) return;
    this.heads = Array.from({ length: count }, (_, head) => head);
    this.buttons = this.heads.map((head) => h("button", { type: "button", class: "ll-text-button", onclick: () => this.toggle(head) }, `Head ${head + 1}`));
    this.element.replaceChildren(...(count > 1 ? [this.all] : []), ...this.heads.map((head) => h("span", { class: "ll-head" },
      this.buttons[head], off && this.switch(head, off))));
    this.press();
  }

  switch(head, off) {
    const box = h("input", { type: "checkbox", "aria-label": `Switch off head ${head + 1}`,
      onchange: () => this.switchOff?.(box.checked ? [...off, head].sort((a, b) => a - b) : off.filter((other) => other !== head)) });
    box.checked = off.includes(head);
    return h("label", {}, box, "off");
  }

  toggle(head) {
    this.enlarge(head === this.head || this.heads.length === 1 ? null : head);
  }

  enlarge(head) {
    this.head = head;
    this.press();
    this.redraw();
  }

  press() {
    this.all.setAttribute("aria-pressed", String(this.head === null));
    this.buttons.forEach((button, head) => button.setAttribute("aria-pressed", String(head === this.head)));
  }
}
