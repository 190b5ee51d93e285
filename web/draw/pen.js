// Placing one's own points: choose a class, click onto the plane; a click on a point takes it away.

import { h } from "../lib/dom.js";

const CLASSES = 6;           // as many as the data set allows
const MOST = 500;
const LEAST = 2;             // with fewer there is nothing to learn from

export class Pen {
  /** @type {HTMLCanvasElement} */ canvas;
  /** @type {(points: number[][]) => void} */ onPoints;
  /** @type {() => void} */ onDraft;
  /** @type {number} */ chosen;
  /** @type {number[][] | null} */ draft;
  /** @type {number[][] | null} */ placed;
  /** @type {string} */ key;

  /** locate(event) gives the place on the plane; onPoints(points) gets the new list of [x1, x2, class] once it can be
   *  learned from; onDraft() is called while there are too few. */
  constructor(canvas, locate, { onPoints, onDraft }) {
    Object.assign(this, { canvas, onPoints, onDraft, chosen: 0, draft: null });
    this.element = h("div", { class: "ll-pen", role: "radiogroup", "aria-label": "Class of the next point", hidden: true });
    canvas.addEventListener("click", (event) => {
      const place = this.points && locate(event);
      if (place) this.click(place);
    });
  }

  setup(scene, colors) {
    const { data } = scene.spec;
    const key = JSON.stringify(data);
    if (this.key !== key) this.draft = null;             // other data has come: what was being placed is in it, or over
    this.key = key;
    this.placed = data.kind === "points" ? data.points : null;
    this.element.hidden = !this.points;
    if (!this.points) return;
    this.element.replaceChildren("Click to place", ...Array.from({ length: CLASSES }, (_, i) => h("button", {
      type: "button", role: "radio", "aria-label": `Class ${i + 1}`, "aria-checked": String(i === this.chosen),
      style: `background:${colors.ofClass(i)}`, onclick: () => { this.chosen = i; this.setup(scene, colors); } })),
    h("button", { type: "button", class: "ll-text-button", onclick: () => this.take([]) }, "Clear"));
  }

  /** What stands on the plane, [x1, x2, class] each; null where the data is not the person's own points. */
  get points() {
    return this.placed && (this.draft ?? this.placed);
  }

  click({ x1, x2, reach }) {
    const points = this.points ?? [];
    const near = points.findIndex(([x, y]) => Math.hypot(x - x1, y - x2) < reach);
    if (near >= 0) this.take(points.filter((_, i) => i !== near));
    else if (points.length < MOST) this.take([...points, [Number(x1.toFixed(3)), Number(x2.toFixed(3)), this.chosen]]);
  }

  /** These are the points from now on. Too few to learn from stay here, and the run has those before. */
  take(points) {
    this.draft = points;
    if (points.length < LEAST) this.onDraft();
    else this.onPoints(points);
  }

  /** What is missing before the network can learn, in a sentence; "" where nothing is. */
  get missing() {
    const count = this.draft?.length ?? LEAST;
    return count >= LEAST ? "" : count ? "One more point, and the network can learn from them."
      : "Click onto the plane: two points are enough to begin with.";
  }
}
