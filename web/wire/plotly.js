// Plotly on the stage: its library, the theme for a layout, traces filled with columns, and a place for one figure.

import { h } from "../lib/dom.js";

/** @import { Colors } from "../lib/colors.js" */

/** @type {Promise<any> | null} */
let loading = null;

/** Load the library once; Python serves it.
 * @param {string} url
 * @returns {Promise<void>} */
export function loadPlotly(url) {
  loading ??= window.Plotly ? Promise.resolve() : new Promise((resolve, reject) => {
    document.head.append(h("script", { src: url, onload: resolve, onerror: reject }));
  });
  return loading;
}

/** Whether this browser can draw in three dimensions. */
export function hasWebGL() {
  return Boolean(document.createElement("canvas").getContext("webgl"));
}

/** A declared layout in the colours of the theme. */
export function themedLayout(layout, { ink, quiet, line }) {
  const axis = (given) => ({ ...given, gridcolor: line, linecolor: line, zerolinecolor: line, tickfont: { color: quiet },
    title: { ...given?.title, font: { color: quiet } } });
  const themed = { ...layout, xaxis: axis(layout.xaxis), yaxis: axis(layout.yaxis), font: { ...layout.font, color: ink } };
  if (layout.scene) {
    themed.scene = { ...layout.scene };
    for (const name of ["xaxis", "yaxis", "zaxis"]) themed.scene[name] = axis(layout.scene[name]);
  }
  return themed;
}

/** A trace with the columns that its `meta` names: {"x": "history.epoch"} takes column("history.epoch").
 * @param {any} trace
 * @param {(source: string) => any} column */
export function filled(trace, column) {
  const copy = { ...trace };
  for (const [axis, source] of Object.entries(trace.meta ?? {})) copy[axis] = column(source);
  return copy;
}

/** A place for one figure of a panel. */
export class Plot {
  /** @type {Colors} */ colors;
  /** @type {{data: any[], layout: any}} */ figure;

  /** stage gives the library's address; view names the picture, label says what it is. */
  constructor(stage, view, label) {
    this.stage = stage;
    this.element = h("div", { class: "ll-plot ll-tall", "data-view": view, role: "img", "aria-label": label });
    this.resizes = new ResizeObserver(() => this.redraw());
    this.resizes.observe(this.element);
  }

  themed(colors) {
    this.colors = colors;
    this.redraw();
  }

  /** Show traces and a layout that are complete but for the theme and the size. */
  show(data, layout) {
    this.figure = { data, layout };
    this.redraw();
  }

  redraw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.figure || !width || !this.colors) return;
    if (!window.Plotly) {
      loadPlotly(this.stage.data.plotly).then(() => this.redraw());
      return;
    }
    const { data, layout } = this.figure;
    window.Plotly.react(this.element, data, { ...themedLayout(layout, this.colors), width, height },
      { displayModeBar: false, responsive: false, doubleClick: "reset" });
  }
}
