// The gallery of data sets: a thumbnail for each, made from a few of its points.

import { Colors, isDark } from "./colors.js";
import { fitCanvas, h } from "./dom.js";

const SIZE = 44;
const GROUPS = { plane: "On the plane", table: "Tables", image: "Pictures", own: "Your own" };
const SIGNS = { points: "+ ·", csv: "CSV" };
const galleries = new WeakMap();
let thumbnails = null;

export function mount(component) {
  const { parentElement, data } = component;
  thumbnails ??= fetch(data.thumbnails).then((response) => response.json());
  let gallery = galleries.get(parentElement);
  if (!gallery) {
    gallery = h("div", { class: "ll-gallery", role: "radiogroup", "aria-label": "Data set" });
    parentElement.append(gallery);
    galleries.set(parentElement, gallery);
  }
  thumbnails.then((all) => show(gallery, all, component));
}

function show(gallery, thumbs, { data, setTriggerValue }) {
  const colors = new Colors(data.colors, isDark(gallery));
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const items = data.items.filter((item) => item.group === group).map((item) => {
      const picture = thumbs[item.kind] ? draw(h("canvas"), thumbs[item.kind], colors) : h("b", {}, SIGNS[item.kind] ?? "?");
      return h("button", { type: "button", role: "radio", "aria-checked": String(item.kind === data.chosen),
        "aria-label": item.label, title: `${item.label}: ${item.help}`,
        onclick: () => setTriggerValue("pick", item.kind) }, picture);
    });
    return items.length ? h("div", { class: "ll-group" }, h("span", {}, title), h("div", {}, ...items)) : null;
  });
  const chosen = data.items.find((item) => item.kind === data.chosen);
  gallery.replaceChildren(...groups.filter(Boolean),
    h("p", { class: "ll-chosen" }, h("b", {}, chosen.label), ` ${chosen.help}`));
}

function draw(canvas, { points, values, task }, colors) {
  canvas.ariaHidden = "true";
  const context = fitCanvas(canvas, SIZE, SIZE);
  context.clearRect(0, 0, SIZE, SIZE);
  points.forEach(([x, y], i) => {
    const value = values[i];
    context.fillStyle = task === "multiclass" ? colors.ofClass(value)
      : task === "regression" ? shade(colors, value) : value > 0 ? colors.positive : colors.negative;
    context.beginPath();
    context.arc(SIZE / 2 + x * (SIZE / 2 - 3), SIZE / 2 - y * (SIZE / 2 - 3), 1.5, 0, 7);
    context.fill();
  });
  return canvas;
}

function shade(colors, value) {
  const packed = colors.diverging[Math.round(Math.max(-1, Math.min(1, value)) * 127 + 128)];
  return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
}
