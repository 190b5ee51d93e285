// Plotly charts that frames fill: Python declares each figure, a trace's `meta` names the columns that it shows.

import { h } from "./dom.js";

const REDRAW_EVERY = 400;    // ms between redraws: one Plotly redraw costs several frames of canvas
const MOST_POINTS = 400;     // of a curve
let loading = null;

function loadPlotly(url) {
  loading ??= window.Plotly ? Promise.resolve() : new Promise((resolve, reject) => {
    document.head.append(h("script", { src: url, onload: resolve, onerror: reject }));
  });
  return loading;
}

export class Charts {
  /** onChange() is called when another chart is chosen, since it may need other things to be watched. */
  constructor(onChange) {
    this.onChange = onChange;
    this.tabs = h("div", { class: "ll-tabs", role: "tablist", "aria-label": "Charts" });
    this.plot = h("div", { class: "ll-plot" });
    this.log = h("input", { type: "checkbox", onchange: () => this.redraw() });
    this.logLabel = h("label", { class: "ll-log" }, this.log, "Log scale");
    this.caption = h("p", { class: "ll-caption" });
    this.element = h("div", { class: "ll-charts" }, this.tabs, this.plot, this.logLabel, this.caption);
    this.drawnAt = 0;
    this.resizes = new ResizeObserver(() => this.redraw());
    this.resizes.observe(this.plot);
  }

  setup(charts, url) {
    if (JSON.stringify(charts) === this.known) return;
    this.known = JSON.stringify(charts);
    this.charts = charts;
    if (!charts.some((chart) => chart.name === this.chosen)) this.chosen = charts[0].name;
    this.tabs.replaceChildren(...charts.map((chart) => h("button", { type: "button", role: "tab", id: `ll-tab-${chart.name}`,
      "aria-selected": String(chart.name === this.chosen), onclick: () => this.choose(chart.name) }, chart.title)));
    loadPlotly(url).then(() => this.redraw());
    this.describe();
  }

  get chart() {
    return this.charts.find((chart) => chart.name === this.chosen);
  }

  choose(name) {
    this.chosen = name;
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", String(tab.id === `ll-tab-${name}`));
    this.describe();
    this.onChange();
    this.redraw();
  }

  describe() {
    this.caption.textContent = this.chart.look;
    this.logLabel.hidden = !this.chart.log;
    this.plot.dataset.view = this.chart.name;
  }

  /** What must be watched for the chosen chart. */
  needs() {
    return ["confusion", "fit"].includes(this.chosen) ? ["predictions"] : [];
  }

  themed(colors) {
    this.colors = colors;
    this.redraw();
  }

  draw(run, now) {
    this.run = run;
    const due = run.frame.status === "playing" ? REDRAW_EVERY : 0;
    const stamp = `${run.frame.step}:${run.history.step.length}:${run.frame.generation}`;
    if (now - this.drawnAt < due || stamp === this.stamp) {
      if (stamp !== this.stamp && due === 0) this.redraw();
      return;
    }
    this.stamp = stamp;
    this.drawnAt = now;
    this.redraw();
  }

  redraw() {
    if (!window.Plotly || !this.run?.frame || !this.charts || !this.plot.clientWidth) return;
    const { figure, log } = this.chart;
    const data = figure.data.map((trace) => this.filled(trace));
    window.Plotly.react(this.plot, data, this.layout(figure.layout, log && this.log.checked),
      { displayModeBar: false, responsive: false, doubleClick: "reset" });
  }

  filled(trace) {
    const copy = { ...trace };
    for (const [axis, source] of Object.entries(trace.meta ?? {})) copy[axis] = this.column(source);
    if (copy.mode === "lines" && (copy.x?.length ?? 0) < 2) copy.mode = "markers";
    return copy;
  }

  column(source) {
    const { history, frame } = this.run;
    if (source.startsWith("history.")) return thinned(history[source.slice(8)]);
    if (source === "diagonal") return frame.arrays.true ? extremes(frame.arrays.true) : [];
    const array = frame.arrays[source];
    if (!array) return [];
    if (array.shape.length === 1) return Array.from(array);
    const [rows, columns] = array.shape;
    return Array.from({ length: rows }, (_, r) => Array.from(array.subarray(r * columns, (r + 1) * columns)));
  }

  layout(layout, log) {
    const { ink, quiet, line } = this.colors;
    const axis = (given) => ({ ...given, gridcolor: line, linecolor: line, tickfont: { color: quiet },
      title: { ...given.title, font: { color: quiet } } });
    const yaxis = axis(layout.yaxis);
    if (log) Object.assign(yaxis, { type: "log", exponentformat: "power" });
    return { ...layout, xaxis: axis(layout.xaxis), yaxis, font: { ...layout.font, color: ink },
      uirevision: `${this.chosen}:${log}`, width: this.plot.clientWidth, height: this.plot.clientHeight };
  }

  close() {
    this.resizes.disconnect();
    if (window.Plotly) window.Plotly.purge(this.plot);
  }
}

/** At most MOST_POINTS of a column, evenly spread, the last one among them. */
function thinned(values) {
  if (values.length <= MOST_POINTS) return values.slice();
  const stride = (values.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, i) => values[Math.round(i * stride)]);
}

function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
