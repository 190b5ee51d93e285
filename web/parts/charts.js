// Plotly charts that frames fill: Python declares each figure, a trace's `meta` names the columns that it shows.

import { h } from "../lib/dom.js";
import { brief, chosen, shown, spot, ticks } from "../lib/logsteps.js";
import { filled, loadPlotly, themedLayout } from "../wire/plotly.js";
import { AXIS } from "../lib/stepaxis.js";
import { fixed, partOf, share, whole } from "../lib/format.js";

/** @import { ShownRun } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const REDRAW_EVERY = 500;    // ms between redraws: one Plotly redraw costs several frames of canvas
const AT_HAND_EVERY = 1500;  // the same while the person types, draws or drags: the answer to that comes first,
const AT_HAND = 300;         // and for so long after it
const MOST_POINTS = 400;     // of a curve
const FORMS = { share, number: (value) => fixed(value, 3), count: whole };

/** The charts of a run. Where there is no output plane to draw, the predictions stand above the curves. */
export class Charts {
  /** @type {string} */ known;
  /** @type {string} */ url;
  /** @type {string} */ stamp;
  /** @type {boolean} */ turn;
  /** @type {Promise<void>} */ loading;

  /** onChange() is called when another chart is chosen, since it may need other things to be watched. */
  constructor(onChange, axis) {
    this.axis = axis;
    this.panes = [new Pane(onChange, "Predictions", axis), new Pane(onChange, "Curves", axis)];
    this.element = h("div", { class: "ll-charts" }, ...this.panes.map((pane) => pane.element));
    this.drawnAt = 0;
    this.atHand = -Infinity;
    this.listening = new AbortController();
    for (const type of ["input", "pointerdown", "pointermove"]) {
      document.addEventListener(type, (event) => { if (/** @type {PointerEvent} */ (event).buttons !== 0) this.atHand = performance.now(); },
        { capture: true, passive: true, signal: this.listening.signal });
    }
  }

  setup(charts, url) {
    if (JSON.stringify(charts) === this.known) return;
    this.known = JSON.stringify(charts);
    const predictions = charts.filter((chart) => chart.watch);
    const [above, below] = this.panes;
    above.element.hidden = !predictions.length || charts.some((chart) => chart.beside);
    above.setup(above.element.hidden ? [] : predictions);
    below.setup(above.element.hidden ? charts : charts.filter((chart) => !chart.watch));
    this.url = url;
    this.redraw();
  }

  /** What must be watched for the charts on screen. */
  needs() {
    return this.panes.flatMap((pane) => pane.chart?.watch ?? []);
  }

  themed(colors) {
    for (const pane of this.panes) pane.colors = colors;
    this.redraw();
  }

  /** Show the run: at once when something changed on a paused one, now and then while it plays. */
  draw(run, now) {
    const stamp = `${run.frame.step}:${run.frame.ready}:${run.frame.train_loss}:${run.history.step.length}:${run.frame.generation}:${this.needs()}`;
    const due = run.frame.status !== "playing" ? 0 : now - this.atHand < AT_HAND ? AT_HAND_EVERY : REDRAW_EVERY;
    if (stamp === this.stamp || now - this.drawnAt < due) return;
    this.stamp = stamp;
    this.drawnAt = now;
    for (const pane of this.panes) pane.run = run;
    if (!this.panes.some((pane) => pane.zoomed)) this.axis.follow(run.history);
    this.loading ??= loadPlotly(this.url).then(() => this.redraw());        // behind the first picture, not before it
    if (due && this.panes.every((pane) => pane.chart)) {
      this.turn = !this.turn;                        // one redraw a turn, so that the canvas keeps its rate
      this.panes[Number(this.turn)].redraw();
    } else {
      this.redraw();
    }
  }

  redraw() {
    for (const pane of this.panes) pane.redraw();
  }

  close() {
    this.listening.abort();
    for (const pane of this.panes) pane.close();
  }
}

/** One place for a chart, with tabs where there are several to choose from. */
class Pane {
  /** @type {Colors} */ colors;
  /** @type {ShownRun} */ run;
  /** @type {any[]} */ charts = [];
  /** @type {string} */ chosen;
  /** @type {string} */ toldOf;
  /** @type {number[]} */ rows;
  /** @type {string} */ drawn;
  /** @type {boolean} */ labelled;
  /** @type {boolean} */ listens;

  constructor(onChange, label, axis) {
    this.axis = axis;
    this.onChange = onChange;
    this.tabs = h("div", { class: "ll-tabs", role: "tablist", "aria-label": label });
    this.plot = h("div", { class: "ll-plot" });
    this.log = h("input", { type: "checkbox", onchange: () => this.redraw() });
    this.logLabel = h("label", {}, this.log, "Log loss");
    this.logSteps = axis.control(() => this.redraw());
    this.scales = h("div", { class: "ll-scales" }, this.logLabel, this.logSteps.element);
    this.caption = h("p", { class: "ll-caption" });
    this.numbers = h("dl", { class: "ll-numbers ll-measured" });
    this.element = h("div", {}, this.tabs, this.plot, this.scales, this.numbers, this.caption);
    this.resizes = new ResizeObserver(() => this.redraw());
    this.resizes.observe(this.plot);
  }

  setup(charts) {
    this.charts = charts;
    if (!charts.length) return;
    if (!this.chart) this.chosen = charts[0].name;
    this.tabs.replaceChildren(...charts.map((chart) => h("button", { type: "button", role: "tab", id: `ll-tab-${chart.name}`,
      "aria-selected": String(chart.name === this.chosen), onclick: () => this.choose(chart.name) }, chart.title)));
    this.describe();
  }

  get chart() {
    return this.charts.find((chart) => chart.name === this.chosen);
  }

  /** Whether the chart shows the run's history. */
  get overTime() {
    return this.chart?.figure.data[0].meta?.x === "history.epoch";
  }

  /** Whether the person looks at a part of the history. */
  get zoomed() {
    return this.overTime && this.plot._fullLayout?.xaxis.autorange === false;
  }

  choose(name) {
    this.chosen = name;
    for (const tab of this.tabs.children) tab.setAttribute("aria-selected", String(tab.id === `ll-tab-${name}`));
    this.describe();
    this.onChange();
    this.redraw();
  }

  /** What the caption depends on. */
  get told() {
    return this.run && `${this.run.scene.generation}:${this.run.frame?.status === "playing"}`;
  }

  describe() {
    const behind = this.chart.watch && this.run?.frame?.status === "playing" ? "While it plays, it follows a few steps behind." : "";
    this.caption.textContent = [this.chart.look, this.run ? examples(this.chart, this.run.scene.data) : "", behind].filter(Boolean).join(" ");
    this.toldOf = this.told;
    this.scales.hidden = !this.overTime;
    this.logLabel.hidden = !this.chart.log;
    this.plot.dataset.view = this.chart.name;
  }

  redraw() {
    if (!window.Plotly || !this.run?.frame || !this.chart || !this.plot.clientWidth) return;
    const { figure, log } = this.chart;
    if (this.toldOf !== this.told) this.describe();
    this.measured();
    this.logSteps.show();
    this.rows = chosen(this.run.history.step, MOST_POINTS, this.axis.log);
    const data = figure.data.map((trace) => this.filled(trace));
    window.Plotly.react(this.plot, data, this.layout(figure.layout, log && this.log.checked),
      { displayModeBar: false, responsive: false, doubleClick: "reset" });
    this.drawn = this.look;
    this.labelled = data.some(({ x, z }) => x?.length || z?.length);
    if (!this.listens) this.plot.on?.("plotly_relayout", () => this.redraw());       // other steps are labelled closer by
    this.listens = true;
  }

  /** Numbers below the chart, as they were measured for it. */
  measured() {
    const found = this.run.frame.arrays[this.chart.measured];
    const names = this.run.scene?.columns[this.chart.measured];
    const value = (name) => found[names.indexOf(name)];
    this.numbers.replaceChildren(...(found && this.chart.numbers ? this.chart.numbers : []).map(([label, name, form]) =>
      h("div", {}, h("dt", {}, label), h("dd", { "data-number": label.toLowerCase() }, Number.isFinite(value(name)) ? FORMS[form](value(name)) : "–"))));
  }

  filled(trace) {
    const copy = filled(trace, (source) => this.column(source));
    if (copy.mode === "lines" && (copy.x?.length ?? 0) < 2) copy.mode = "markers";
    if (copy.type === "heatmap" && this.colors.dark) copy.textfont = { color: this.colors.ink };   // on dark cells, too
    return copy;
  }

  column(source) {
    const { frame } = this.run;
    if (source.startsWith("history.")) return this.rows.map((row) => this.past(source.slice(8), row));
    if (source === "chance") return [0, 1];
    if (source === "diagonal") return frame.arrays.true ? extremes(frame.arrays.true) : [];
    const array = frame.arrays[source];
    if (!array) return [];
    if (array.shape.length === 1) return Array.from(array);
    const [rows, columns] = array.shape;
    return Array.from({ length: rows }, (_, r) => Array.from(array.subarray(r * columns, (r + 1) * columns)));
  }

  /** A row of a column of the history; a moment is its step and epoch. */
  past(column, row) {
    const { history } = this.run;
    if (column === "moment") return [history.step[row], history.epoch[row]];
    return column === "epoch" && this.axis.log ? shown(history.step[row]) : history[column][row];
  }

  /** What is looked at, and on which axes: zoom and margins hold as long as it does. */
  get look() {
    return `${this.chosen}:${this.chart.log && this.log.checked}:${this.overTime && this.axis.log}`;
  }

  layout(layout, log) {
    const themed = themedLayout(layout, this.colors);
    if (this.overTime && this.axis.log) this.logarithmic(themed.xaxis);
    if (log) Object.assign(themed.yaxis, { type: "log", exponentformat: "power" });
    if (this.run.frame.status === "playing") this.keepMargins(themed);
    return { ...themed, shapes: this.later(), uirevision: this.look, width: this.plot.clientWidth, height: this.plot.clientHeight };
  }

  /** Finding margins that fit the ticks costs a third of a redraw: while the run plays, those found last stay. */
  keepMargins(layout) {
    const found = this.plot._fullLayout?._size;
    if (!found || !this.labelled || this.drawn !== this.look) return;
    layout.margin = { l: found.l, r: found.r, t: found.t, b: found.b };
    layout.xaxis.automargin = layout.yaxis.automargin = false;
  }

  /** Steps instead of epochs, on a logarithmic axis. */
  logarithmic(axis) {
    const { step } = this.run.history;
    const zoomed = this.zoomed && this.drawn === this.look;
    const [low, high] = zoomed ? this.plot._fullLayout.xaxis.range : [spot(0), spot(step.at(-1) ?? 1)];
    const labelled = ticks(low, high);
    Object.assign(axis, { type: "log", rangemode: "normal", title: { ...axis.title, text: AXIS },
      tickvals: labelled.map(shown), ticktext: labelled.map(brief) });
  }

  /** While an earlier step is shown, a veil over what came later. */
  later() {
    const { frame, history } = this.run;
    if (!frame.scrubbing || !this.overTime) return [];
    const [here, end] = this.axis.log ? [shown(frame.step), history.step.at(-1) ?? 0] : [frame.epoch, history.epoch.at(-1) ?? 0];
    const height = { xref: "x", yref: "paper", y0: 0, y1: 1, x0: here };
    return [{ type: "rect", ...height, x1: Math.max(here, end), line: { width: 0 }, fillcolor: this.colors.surface, opacity: 0.7 },
      { type: "line", ...height, x1: here, line: { color: this.colors.ink, width: 1.5 } }];
  }

  close() {
    this.resizes.disconnect();
    if (window.Plotly) window.Plotly.purge(this.plot);
  }
}

/** Of which examples a chart's numbers are, where these are not all. */
function examples(chart, { train, test, evaluated }) {
  if (chart.of === "nothing" || Math.max(chart.of === "test" ? 0 : train, test) <= evaluated) return "";
  return chart.of === "test" ? `On ${partOf(evaluated, test, "test")}.`
    : `On ${partOf(evaluated, train, "training")} and ${partOf(evaluated, test, "test")}.`;
}

function extremes(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
