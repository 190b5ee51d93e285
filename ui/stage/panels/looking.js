// Where a network looks: the attention of one layer, cut to the words that there are, as a picture inside a panel.

import { fitCanvas, h } from "../dom.js";
import { kinds } from "../draw/kinds.js";

export class Looking {
  /** choose(names) picks one of the names of the run's attention views, the network's last layer last. */
  constructor(label, choose) {
    this.choose = choose;
    this.canvas = h("canvas", { role: "img", "data-view": "looking", "aria-label": label });
    this.element = h("div", { class: "ll-inspect-frame" }, this.canvas);
  }

  show(scene) {
    const views = scene.layers.flatMap((layer) => layer.views).filter((view) => view.kind === "attention");
    const name = this.choose(views.map((view) => view.name));
    this.view = views.find((view) => view.name === name);
    this.element.hidden = !this.view;
  }

  needs() {
    return this.view ? [`view:${this.view.name}`] : [];
  }

  /** rows and columns: [place, word] of what asks and of what is looked at. */
  draw(frame, rows, columns, colors) {
    const array = this.view && frame.arrays[`view:${this.view.name}`];
    this.element.hidden = !array || !rows.length || !columns.length;
    if (this.element.hidden) return;
    const part = cut(array, rows.map(([place]) => place), columns.map(([place]) => place));
    const about = { view: this.view, colors, width: this.element.clientWidth,
      tokens: { query: rows.map(([, word]) => word), key: columns.map(([, word]) => word) } };
    const height = kinds.attention.height(part, about);
    const context = fitCanvas(this.canvas, about.width, height);
    context.clearRect(0, 0, about.width, height);
    kinds.attention.draw(context, part, { ...about, height });
  }
}

/** These rows and columns of every head. */
function cut(array, rows, columns) {
  const [heads, tall, wide] = array.shape;
  const part = new Float32Array(heads * rows.length * columns.length);
  let at = 0;
  for (let head = 0; head < heads; head++) {
    for (const row of rows) for (const column of columns) part[at++] = array[(head * tall + row) * wide + column];
  }
  part.shape = [heads, rows.length, columns.length];
  return part;
}
