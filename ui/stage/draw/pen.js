// Placing one's own points: choose a class, click onto the plane; a click on a point takes it away.

import { h } from "../dom.js";

const CLASSES = 4;           // offered on the page; the data set itself allows a few more
const MOST = 500;

export class Pen {
  /** locate(event) gives the place on the plane; onPoints(points) gets the new list of [x1, x2, class]. */
  constructor(canvas, locate, onPoints) {
    this.onPoints = onPoints;
    this.chosen = 0;
    this.element = h("div", { class: "ll-pen", role: "radiogroup", "aria-label": "Class of the next point", hidden: true });
    canvas.addEventListener("click", (event) => {
      const place = this.points && locate(event);
      if (place) this.click(place);
    });
    this.canvas = canvas;
  }

  setup(scene, colors) {
    const { data } = scene.spec;
    this.points = data.kind === "points" ? data.points : null;
    this.element.hidden = !this.points;
    this.canvas.style.cursor = this.points ? "crosshair" : "";
    if (!this.points) return;
    const used = new Set(this.points.map((point) => point[2])).size;
    const colour = (i) => (used > 2 || this.chosen > 1 ? colors.ofClass(i) : i ? colors.positive : colors.negative);
    this.element.replaceChildren("Click to place", ...Array.from({ length: CLASSES }, (_, i) => h("button", {
      type: "button", role: "radio", "aria-label": `Class ${i + 1}`, "aria-checked": String(i === this.chosen),
      style: `background:${colour(i)}`, onclick: () => { this.chosen = i; this.setup(scene, colors); } })),
    h("button", { type: "button", class: "ll-text-button", onclick: () => this.onPoints(this.points.slice(0, 2)) }, "Clear"));
  }

  click({ x1, x2, reach }) {
    const near = this.points.findIndex(([x, y]) => Math.hypot(x - x1, y - x2) < reach);
    if (near >= 0 && this.points.length > 2) this.onPoints(this.points.filter((_, i) => i !== near));
    else if (near < 0 && this.points.length < MOST) {
      this.onPoints([...this.points, [Number(x1.toFixed(3)), Number(x2.toFixed(3)), this.chosen]]);
    }
  }
}
