// The gallery of data sets: a thumbnail for each, made from a few of its points.

import { Colors, isDark } from "./lib/colors.js";
import { fitCanvas, h } from "./lib/dom.js";

const SIZE = 44;
const GROUPS = { plane: "On the plane", table: "Tables", image: "Pictures", series: "Series", text: "Texts", own: "Your own" };
const SIGNS = { points: "+ ·", csv: "CSV" };
const galleries = new WeakMap();
let thumbnails = null;

export function mount(component) {
  const { parentElement, data } = component;
  thumbnails ??= fetch(data.thumbnails).then((response) => (response.ok ? response.json() : {}));
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

const drawers = { images: drawImages, lines: drawLines, text: drawText, points: drawPoints };

/** A thumbnail of whatever it brings: points, pictures, series or words. */
function draw(canvas, thumb, colors) {
  canvas.ariaHidden = "true";
  const context = fitCanvas(canvas, SIZE, SIZE);
  context.clearRect(0, 0, SIZE, SIZE);
  const kind = Object.keys(drawers).find((name) => name in thumb);
  drawers[kind]?.(context, thumb, colors);
  return canvas;
}

function drawPoints(context, { points, values, task }, colors) {
  points.forEach(([x, y], i) => {
    const value = values[i];
    context.fillStyle = task === "multiclass" ? colors.ofClass(value)
      : task === "regression" ? shade(colors, value) : value > 0 ? colors.positive : colors.negative;
    context.beginPath();
    context.arc(SIZE / 2 + x * (SIZE / 2 - 3), SIZE / 2 - y * (SIZE / 2 - 3), 1.5, 0, 7);
    context.fill();
  });
}

/** Up to four pictures, two by two. */
function drawImages(context, { images }, colors) {
  const across = images.length > 1 ? 2 : 1;
  const room = SIZE / across;
  images.slice(0, 4).forEach((rows, i) => rows.forEach((row, y) => row.forEach((value, x) => {
    context.fillStyle = colors.ink;
    context.globalAlpha = Math.max(0, Math.min(1, value));
    const cell = (room - 2) / rows.length;
    context.fillRect((i % across) * room + 1 + x * cell, Math.floor(i / across) * room + 1 + y * cell, cell + 0.3, cell + 0.3);
  })));
  context.globalAlpha = 1;
}

function drawLines(context, { lines }, colors) {
  lines.slice(0, 3).forEach((line, i) => {
    context.strokeStyle = colors.ofClass(i);
    context.lineWidth = 1.3;
    context.beginPath();
    line.forEach((value, x) => context.lineTo(2 + (x / (line.length - 1)) * (SIZE - 4), SIZE / 2 - value * (SIZE / 2 - 4)));
    context.stroke();
  });
}

function drawText(context, { text }, colors) {
  context.fillStyle = colors.ink;
  context.textBaseline = "top";
  const words = text.split(/\s+/);
  const set = (size) => Object.assign(context, { font: `${size}px system-ui, sans-serif` });
  const longest = Math.max(...words.map((word) => set(9).measureText(word).width));
  set(Math.min(9, (9 * (SIZE - 4)) / longest));                      // no word is cut
  for (let line = 0; line < 4 && words.length; line++) {
    let row = words.shift();
    while (words.length && context.measureText(`${row} ${words[0]}`).width < SIZE - 4) row += ` ${words.shift()}`;
    context.fillText(row, 3, 3 + line * 10);
  }
}

function shade(colors, value) {
  const packed = colors.diverging[Math.round(Math.max(-1, Math.min(1, value)) * 127 + 128)];
  return `rgb(${packed & 255}, ${(packed >> 8) & 255}, ${(packed >> 16) & 255})`;
}
