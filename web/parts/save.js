// Every picture of the stage can be saved: a button that comes to each canvas and chart as it appears.

import { contextOf, iconButton } from "../lib/dom.js";

const PICTURES = "canvas[data-view], .ll-plot[data-view]";
const SCALE = 2;             // of a chart's pixels
const SETTLES = 200;         // ms from a change of the page to a look at it: numbers change many times a second

/** Watches the stage for pictures; step() gives the run's step, and paper() the colour behind them. */
export class Saving {
  /** @type {HTMLElement} */ root;
  /** @type {() => number} */ step;
  /** @type {() => string} */ paper;
  /** @type {Map<HTMLElement, HTMLButtonElement>} */ buttons;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;

  constructor(root, { step, paper }) {
    Object.assign(this, { root, step, paper, buttons: new Map() });
    this.sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => this.place(target)));
    this.changes = new MutationObserver(() => { this.timer ??= setTimeout(() => this.look(), SETTLES); });
    this.changes.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "data-view"] });
    this.look();
  }

  look() {
    this.timer = undefined;
    for (const [picture, button] of this.buttons) {
      if (this.root.contains(picture)) continue;
      button.remove();
      this.sizes.unobserve(picture);
      this.buttons.delete(picture);
    }
    for (const picture of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(PICTURES))) {
      const button = this.buttons.get(picture) ?? iconButton("save", "Save as PNG", () => this.save(picture), "ll-save");
      if (!this.buttons.has(picture)) {
        this.buttons.set(picture, button);
        this.sizes.observe(picture);
      }
      if (picture.nextSibling !== button) picture.after(button);
      this.place(picture);
    }
  }

  /** In the upper right corner of a picture, in the lower one of a chart, whose legend stands above; away where it is. */
  place(picture) {
    const button = this.buttons.get(picture);
    if (!button) return;
    const away = !picture.offsetWidth;
    if (button.hidden !== away) button.hidden = away;           // a change that changes nothing would be seen as one
    const right = Math.min(picture.offsetLeft + picture.offsetWidth, (picture.offsetParent ?? this.root).clientWidth);
    button.style.left = `${right - 26}px`;
    const low = picture instanceof HTMLCanvasElement ? 0 : picture.offsetHeight - 24;
    button.style.top = `${picture.offsetTop + low}px`;
  }

  async save(picture) {
    const drawn = picture instanceof HTMLCanvasElement ? picture : await chart(picture);
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [drawn.width, drawn.height];
    const context = contextOf(sheet);
    context.fillStyle = this.paper();
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.drawImage(drawn, 0, 0);
    const link = document.createElement("a");
    link.download = `${picture.dataset.view.replace(/[^\w.-]+/g, "-")}-step-${this.step()}.png`;
    link.href = sheet.toDataURL("image/png");
    link.click();
  }

  close() {
    clearTimeout(this.timer);
    this.changes.disconnect();
    this.sizes.disconnect();
  }
}

/** A Plotly chart as an image. */
async function chart(plot) {
  const image = new Image();
  image.src = await window.Plotly.toImage(plot, { format: "png", scale: SCALE, width: plot.clientWidth, height: plot.clientHeight });
  await image.decode();
  return image;
}
