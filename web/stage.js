// The stage: one run, live. It draws what the run sends, and sends what the person does.

import { Bar } from "./parts/bar.js";
import { Cards } from "./parts/cards.js";
import { Charts } from "./parts/charts.js";
import { Colors, isDark } from "./lib/colors.js";
import { Connection } from "./wire/connection.js";
import { h } from "./lib/dom.js";
import { NetworkView } from "./draw/network.js";
import { OutputView } from "./draw/output.js";
import { WeightEditor } from "./parts/weight_editor.js";
import { WaitingFrames } from "./wire/waiting_frames.js";
import { Instruments } from "./parts/instruments.js";
import { meaning } from "./parts/keys.js";
import { Notice } from "./parts/notice.js";
import { Numbers } from "./parts/numbers.js";
import { publish } from "./wire/published.js";
import { Run } from "./wire/run.js";
import { Saving } from "./parts/save.js";
import { Sliders } from "./parts/sliders.js";
import { setPath } from "./wire/spec.js";
import { StepAxis } from "./lib/stepaxis.js";
import { join, together } from "./parts/side_by_side.js";

/** @import { PanelHost, ShownRun, Spec } from "./wire/host.d.ts" */

const stages = new WeakMap();

/** Called by the component's loader at every mount and every change of its data. */
export function mount(component) {
  const { parentElement } = component;
  let stage = stages.get(parentElement);
  if (stage) stage.update(component);
  else stages.set(parentElement, (stage = new Stage(component)));
  // Streamlit may clean up a mount that a newer one has replaced: only a stage that is off the page ends.
  return () => setTimeout(() => {
    if (!stage.root.isConnected) {
      stage.close();
      stages.delete(parentElement);
    }
  }, 0);
}

/** @implements {PanelHost} */
class Stage {
  /** @type {Spec} */ spec;
  /** @type {Connection} */ connection;

  constructor(component) {
    this.run = new Run();
    this.revision = 0;
    this.drawn = 0;
    this.waiting = new WaitingFrames(this.run);
    this.drawTime = 0;
    this.bar = new Bar((command) => together(this, command));
    this.notice = new Notice(this);
    this.cards = new Cards({ edit: (change) => this.edit(["network", "layers"], change(this.spec.network.layers)), select: (index) => this.select(index) });
    this.network = new NetworkView(this.cards);
    this.output = new OutputView({ onPoints: (points) => { this.notice.warn(""); this.edit(["data", "points"], points); },
      onDraft: () => { this.send({ op: "pause" }); this.schedule(); }, onPlace: (place) => this.output.asks && this.send({ op: "probe", own: place }) });
    this.network.onHover = (neuron) => { this.output.focus = neuron; this.schedule(); };
    this.axis = new StepAxis();
    this.charts = new Charts(() => this.watch(), this.axis);
    this.numbers = new Numbers();
    this.poked = 0;                      // changes by hand since the spec was last changed: undone before it
    this.weightEditor = new WeightEditor(this);
    this.network.onClick = (target, event) => (target ? this.weightEditor.open(target, event) : this.weightEditor.close());
    this.instruments = new Instruments(this);
    this.root = h("section", { class: "ll-stage ll-waiting", "data-testid": "stage", "data-status": "paused", "data-frames": "0",
      "aria-label": "Stage" },
    this.bar.element, this.notice.element,
    this.numbers.element, h("div", { class: "ll-body" }, h("div", { class: "ll-main" }, this.network.element, this.instruments.element),
      h("div", { class: "ll-side" }, this.output.element, this.charts.element)), this.weightEditor.element);
    component.parentElement.append(this.root);
    join(this);
    this.saving = new Saving(this.root, { step: () => this.run.frame?.step ?? 0, paper: () => this.colors.surface });
    this.sliders = new Sliders((path, value) => this.stream(path, value));
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.resizes = new ResizeObserver(() => { this.network.measure(); this.output.measure(); this.schedule(); });
    this.resizes.observe(this.root);
    this.update(component);
  }

  update(component) {
    const { data } = component;
    this.component = component;
    this.data = data;
    this.themed();
    this.sliders.watch(data.sliders);
    this.cards.setup(data.palette, data.selected);
    if (data.revision >= this.revision && !this.sliders.moving) {
      this.revision = data.revision;
      this.adopt(data.spec, data.fresh !== this.fresh);
      this.fresh = data.fresh;
    }
    this.chart();
    this.arrange(data);
    if (!this.connection || this.runId !== data.run) {
      this.connection?.close();
      this.runId = data.run;
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      this.connection = new Connection(`${scheme}//${location.host}${data.prefix}/run/${data.run}`, {
        onOpen: () => this.opened(), onMessage: (message) => this.received(message),
        onTrouble: (sentence) => this.notice.warn(sentence),
      });
    } else {
      this.watch();
    }
    this.schedule();
  }

  /** The charts that the page declares; their labels wait for the run to follow the page to other data. */
  chart() {
    const { scene } = this.run;
    if (!scene || JSON.stringify(scene.spec.data) === JSON.stringify(this.data.spec.data)) this.charts.setup(this.data.charts, this.data.plotly);
  }

  /** Show the parts that the page asks for, and open its panel the first time. */
  arrange({ parts, panel, numbers }) {
    for (const name of /** @type {const} */ (["network", "output", "charts", "instruments"])) this[name].element.classList.toggle("ll-out", !parts.includes(name));
    const [network, instruments] = [this.network.element, this.instruments.element];
    const [first, second] = parts.includes("instruments") && parts.indexOf("instruments") < parts.indexOf("network")
      ? [instruments, network] : [network, instruments];
    if (first.nextElementSibling !== second) second.before(first);      // moving what has the focus would take it away
    this.root.classList.toggle("ll-one-column", !parts.includes("output") && !parts.includes("charts"));
    this.numbers.setup(numbers);
    if (!this.arranged) this.instruments.openNamed(panel);
    this.arranged = true;
  }

  themed() {
    const dark = isDark(this.root);
    if (this.colors?.dark === dark) return;
    this.colors = new Colors(this.data.colors, dark);
    for (const view of [this.network, this.output, this.instruments, this.charts]) view.themed(this.colors);
  }

  send(command) {
    const trains = ["play", "step"].includes(command.op);
    if (this.notice.died && (trains || command.op === "rewind")) return this.restart(command);
    if (trains && this.output.pen.missing) return this.notice.warn(this.output.pen.missing);
    return this.connection?.send(command);
  }

  /** Put an instrument of the run to work; its answers come to the panels. */
  ask(instrument, details = {}) {
    this.send({ op: "ask", instrument, ...details });
  }

  // -- what the person does ------------------------------------------------------------------------------------------

  /** Follow another spec; a fresh one (a preset, a link) waits at its beginning. */
  adopt(spec, fresh = false) {
    if (!fresh && JSON.stringify(spec) === JSON.stringify(this.spec)) return;
    this.spec = spec;
    this.poked = 0;
    this.connection?.send({ op: "spec", spec, fresh });
  }

  /** Something was changed on the stage, and what goes with it, [path, value] each: the run hears at once, Python a
   *  little later. */
  edit(path, value, also = []) {
    this.adopt([[path, value], ...also].reduce((spec, [at, what]) => setPath(spec, at, what), this.spec));
    this.revision += 1;
    this.component.setTriggerValue("edit", { path, value, also, revision: this.revision });
  }

  select(index) {
    this.instruments.select(index);
    this.component.setTriggerValue("select", index);
  }

  /** A weight was changed by hand. */
  poke(change) {
    if (!change.again) this.poked += 1;
    this.send({ op: "poke", ...change });
  }

  undoPoke() {
    this.poked = Math.max(0, this.poked - 1);
    this.send({ op: "unpoke" });
  }

  stream(path, value) {
    this.spec = setPath(this.spec, path, value);
    this.connection.send({ op: "set", path, value });
  }

  key(event) {
    const deeds = {
      play: () => this.bar.toggle(), help: () => this.bar.help(), back: () => this.bar.time.earlier(),
      step: () => this.send({ op: "step" }), rewind: () => this.send({ op: "rewind" }),
      undo: () => (this.poked && this.run.frame?.pokes ? this.undoPoke() : this.component.setTriggerValue("travel", "undo")),
      redo: () => this.component.setTriggerValue("travel", "redo"),
    };
    const deed = deeds[meaning(event)];
    if (!deed) return;
    deed();
    event.preventDefault();
  }

  // -- what the run says -----------------------------------------------------------------------------------------------

  opened() {
    this.connection.send({ op: "spec", spec: this.spec });
    this.bar.resend();
    if (this.late) this.send(this.late);          // what was done before the run was here
    this.late = null;
    this.watch();
  }

  watch() {
    this.connection?.send({ op: "watch", views: [...new Set(["boundary", ...this.network.needs(),
      ...(this.instruments?.needs() ?? []), ...this.weightEditor.needs(), ...this.charts.needs(), ...this.numbers.needs()])] });
  }

  received(message) {
    if (message.header.type === "frame") {
      this.waiting.push(message);
      this.schedule();
      return;
    }
    this.waiting.all();
    const type = this.run.apply(message);
    if (type === "scene") {
      this.root.classList.remove("ll-waiting");
      const { scene } = /** @type {ShownRun} */ (this.run);
      this.network.scene = this.output.scene = scene;
      this.bar.explain(scene.data);
      this.chart();
      this.cards.show(scene, this.spec);
      this.instruments.show(scene, this.cards.selected);
      this.weightEditor.show(scene);
      this.network.measure();
      this.output.measure();
      this.watch();
    } else if (type === "answer") {
      this.instruments.answered(message);
      if (this.root.dataset.status === "diverged") this.notice.answered(message.header);
    } else if (type === "died") {
      this.root.dataset.status = "ended";
      this.notice.end();
    }
    this.schedule();
  }

  schedule() {
    this.request ??= requestAnimationFrame((now) => {
      this.request = null;
      this.draw(now);
    });
  }

  draw(now) {
    if (this.waiting.next()) this.schedule();
    const { scene, frame } = this.run;
    const began = performance.now();
    this.themed();
    if (scene && frame && frame.generation === scene.generation) {
      this.network.draw(frame);
      this.output.draw(frame);
      this.instruments.draw(frame, this.run);
      this.weightEditor.draw(frame);
      this.numbers.draw(frame, now);
      this.bar.show(scene, frame, now);
      this.charts.draw(this.run, now);
      this.drawTime += 0.1 * (performance.now() - began - this.drawTime);
      if (this.waiting.owed) this.report(frame);
    } else if (!scene && frame?.notice) {               // a run that could not even begin says why
      this.notice.say(frame.notice);
    }
    this.waiting.settle((command) => this.send(command));
  }

  report(frame) {
    this.drawn += 1;
    publish(this.root.dataset, frame, this.drawn, this.notice.died);
    if (this.notice.say(frame.notice) && frame.status === "diverged") this.ask("health");
  }

  /** A new process for a run whose own has ended; it begins with what the person did. */
  restart(command = null) {
    this.late = command;
    this.notice.begin();
    this.root.dataset.status = "paused";
    this.connection.reopen();
  }

  close() {
    this.connection.close();
    this.sliders.close();
    this.resizes.disconnect();
    this.charts.close();
    this.axis.close();
    this.saving.close();
    document.removeEventListener("keydown", this.keys);
    if (this.request) cancelAnimationFrame(this.request);
  }
}
