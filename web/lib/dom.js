// Small helpers for making elements.

/** An element with attributes, listeners ("onclick") and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {(Node | string | null | undefined)[]} children
 * @returns {HTMLElementTagNameMap[T]} */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A row of a table.
 * @param {(Node | string | null | undefined)[]} cells
 * @param {"td" | "th"} [tag] */
export const tableRow = (cells, tag = "td") => h("tr", {}, ...cells.map((cell) => h(tag, {}, cell)));

const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  step: "M5 5l9 7-9 7zM16 5h3v14h-3z",
  rewind: "M6 5h3v14H6zM20 5v14l-10-7z",
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  remove: "M5 11h14v2H5z",
  close: "M6.4 5L12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
  left: "M15 5l1.5 1.5L11 12l5.5 5.5L15 19l-7-7z",
  keys: "M3 6h18v12H3zm2 2v8h14V8zm1.5 1.5h2v2h-2zm3 0h2v2h-2zm3 0h2v2h-2zm3 0h2v2h-2zM8 13h8v1.6H8z",
  save: "M11 4h2v8.2l3-3 1.4 1.4-5.4 5.4-5.4-5.4L8 9.2l3 3zM5 18h14v2H5z",
  lock: "M7 10V8a5 5 0 0 1 10 0v2h1v10H6V10zm2 0h6V8a3 3 0 0 0-6 0z",
  right: "M9 5L7.5 6.5 13 12l-5.5 5.5L9 19l7-7z",
};

/** A drawn icon; it is decoration, the button around it carries the name.
 * @param {string} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon, an accessible name that is also its tooltip, and a listener.
 * @param {string} iconName
 * @param {string} label
 * @param {(event: MouseEvent) => void} onclick */
export function iconButton(iconName, label, onclick, className = "") {
  return h("button", { type: "button", class: `ll-icon ${className}`, "aria-label": label, title: label, onclick },
    icon(iconName));
}

const MOST_PIXELS = 4096;    // across: a wider canvas is drawn less finely

/** What draws on a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings] */
export const contextOf = (canvas, settings) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));

/** Fit a canvas to its box at the screen's resolution; returns its context, scaled to CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height */
export function fitCanvas(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2, Math.max(1, MOST_PIXELS / width));
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
