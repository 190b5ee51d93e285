// Where a network looks: the attention of one layer, cut to the words that there are, as a picture inside a panel.

import { h } from "../lib/dom.js";
import { kinds } from "../draw/view_kinds.js";
import { shaped } from "../wire/message.js";
import { Heads } from "./heads.js";
import { Picture } from "./picture.js";

/** @import { Frame, View } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

export class AttentionPicture {
  /** @type {View | undefined} */ view;
  /** @type {[Frame, [number, string][], [number, string][], Colors]} */ drawn;

  /** choose(names) picks one of the names of the run's attention views, the network's last layer last. */
  constructor(label, choose) {
    this.choose = choose;
    this.label = label;
    this.heads = new Heads(() => this.draw(...this.drawn));
    this.picture = new Picture({ "data-view": "looking" });
    this.element = h("div", {}, this.heads.element, this.picture.element);
    this.picture.canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      const head = this.picture.at?.head({ x: offsetX, y: offsetY });
      if (head !== null && head !== undefined) this.heads.toggle(head);
    });
    this.heads.listen(this.element);
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
    this.drawn = [frame, rows, columns, colors];
    const name = this.view && `view:${this.view.name}`;
    const array = name && frame.arrays[name];
    const [asking, asked] = array ? [rows.filter(([place]) => place < array.shape[1]), columns.filter(([place]) => place < array.shape[2])] : [[], []];
    this.element.hidden = !asking.length || !asked.length;
    if (this.element.hidden) return;
    const places = { query: asking.map(([place]) => place), key: asked.map(([place]) => place) };
    const part = cut(array, places.query, places.key);
    this.heads.show(part.shape[0], null);
    const about = { view: this.view, colors, width: this.picture.width, head: this.heads.head, places, of: frame.arrays[`${name}.of`]?.[0],
      tokens: { query: asking.map(([, word]) => word), key: asked.map(([, word]) => word) } };
    const height = kinds.attention.height(part, about);
    this.picture.paint(height, (context) => kinds.attention.draw(context, part, { ...about, height }));
    this.picture.canvas.setAttribute("aria-label", `${this.label}. ${this.picture.at.label}`);
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
  return shaped(part, [heads, rows.length, columns.length]);
}
