// The row of cards and columns: whole where there is room, else made to fit with narrow cards, or in full size, scrolling.

import { h } from "../lib/dom.js";

/** @import { Cards } from "../parts/cards.js" */

const ROOMY = 136;           // pixels from one column to the next with whole cards,
const UPRIGHT = 64;          // below this a narrow card's title stands upright,
const LEAST = 26;            // and at least so many are between two columns
const PICTURE = 0.6;         // of that, in a row that is made to fit, is picture; the rest is for the lines

export class Row {
  /** @type {Cards} */ cards;
  /** @type {HTMLElement} */ inner;
  /** @type {boolean} */ full;

  /** inner is the box that scrolls; onResize() is called when the person changes between fit and full size. */
  constructor(cards, inner, onResize) {
    Object.assign(this, { cards, inner, full: false });
    this.sizing = h("button", { type: "button", class: "ll-text-button ll-sizing", hidden: true, onclick: () => {
      this.full = !this.full;
      onResize();
    } });
    this.element = h("div", { class: "ll-net-frame" }, inner);
    inner.addEventListener("scroll", () => this.cue());
  }

  /** Arrange the cards; the row's width, and the place of each column: {centre, width of its pictures, room for words}. */
  fit() {
    const [room, count] = [this.inner.clientWidth, this.cards.columns.length];
    const long = room < count * ROOMY;
    const narrow = long && !this.full;
    const width = Math.max(room, long ? count * (narrow ? LEAST : ROOMY) : 0);
    const pitch = width / count;
    this.cards.fit(narrow ? (pitch < UPRIGHT ? "upright" : "narrow") : "whole", width);
    this.sizing.hidden = !long;
    this.sizing.textContent = this.full ? "Fit to width" : "Full size";
    this.cue();
    return { width, boxes: this.cards.columns.map((card) => ({ centre: card.offsetLeft + card.offsetWidth / 2,
      width: narrow ? pitch * PICTURE : card.offsetWidth, room: card.offsetWidth })) };
  }

  /** A shade on each side where the row goes on. */
  cue() {
    const { scrollLeft, clientWidth, scrollWidth } = this.inner;
    this.element.classList.toggle("ll-more-left", scrollLeft > 2);
    this.element.classList.toggle("ll-more-right", scrollLeft + clientWidth < scrollWidth - 2);
  }
}
