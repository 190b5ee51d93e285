// The instruments below the network, one panel at a time. Only the open one is watched and drawn.
//
// A panel has: title, element, themed(colors), and, where it needs them: show(scene, selected), select(index),
// needs() -> names to watch, draw(frame, run), answered(message) for answers of the instruments it asks, opened() when
// it comes into sight and whenever what it shows is another scene, suits(scene) -> whether it has something to say, and
// onExample(scene) -> whether it tells about the one example that the picker chooses: only then the picker is there.
// One that `leads` is open before anybody chooses another where it suits.

import { h, iconButton } from "../lib/dom.js";
import { nameOf } from "../lib/named.js";
import { BlankPanel } from "../panels/blank.js";
import { CodePanel } from "../panels/code.js";
import { CostPanel } from "../panels/cost.js";
import { ExamplePanel } from "../panels/example.js";
import { ForwardPanel } from "../panels/forward.js";
import { GradientsPanel } from "../panels/gradients.js";
import { HealthPanel } from "../panels/health.js";
import { InventPanel } from "../panels/invent.js";
import { LandscapePanel } from "../panels/landscape.js";
import { MicroscopePanel } from "../panels/microscope.js";
import { MistakesPanel } from "../panels/mistakes.js";
import { RacePanel } from "../panels/race.js";
import { SeriesPanel } from "../panels/series.js";
import { TranslatePanel } from "../panels/translate.js";
import { ViewsPanel } from "../panels/views.js";
import { WindowPanel } from "../panels/window.js";
import { WordsPanel } from "../panels/words.js";

/** @import { Panel, Probe, Scene } from "../wire/host.d.ts" */

const PANELS = [ViewsPanel, SeriesPanel, ForwardPanel, GradientsPanel, MicroscopePanel, HealthPanel, ExamplePanel, WordsPanel,
  InventPanel, BlankPanel, TranslatePanel, MistakesPanel, WindowPanel, LandscapePanel, RacePanel, CostPanel, CodePanel];

export class Instruments {
  /** @type {Panel[]} */ panels;
  /** @type {Panel} */ panel;
  /** @type {Scene} */ scene;
  /** @type {Probe} */ named;
  /** @type {number} */ index;
  /** @type {boolean} */ free;

  /** stage offers send(command), ask(instrument, details), edit(path, value), watch(), and its run and spec. */
  constructor(stage) {
    this.stage = stage;
    this.panels = PANELS.map((Panel) => new Panel(stage));
    this.tabs = h("div", { class: "ll-tabs", role: "tablist", "aria-label": "Inspect" }, ...this.panels.map((panel) =>
      h("button", { type: "button", role: "tab", onclick: () => this.choose(panel) }, panel.title)));
    this.example = h("span", { class: "ll-example" });
    this.probe = h("div", { class: "ll-probe", hidden: true },
      iconButton("left", "Previous example", () => stage.send({ op: "probe", index: this.index - 1 })), this.example,
      iconButton("right", "Next example", () => stage.send({ op: "probe", index: this.index + 1 })));
    this.place = h("div", { class: "ll-panel", role: "tabpanel" });
    this.nothing = h("p", { class: "ll-caption" }, "There is nothing to look at until the layers fit each other and the data.");
    this.element = h("div", { class: "ll-inspect" }, h("div", { class: "ll-inspect-bar" }, this.tabs, this.probe), this.place);
    this.open(this.panels[0]);
    this.free = true;                    // as long as nobody has chosen a panel, the scene does
  }

  choose(panel) {
    this.free = false;
    this.open(panel);
  }

  open(panel) {
    this.panel = panel;
    [...this.tabs.children].forEach((tab, i) => tab.setAttribute("aria-selected", String(this.panels[i] === panel)));
    this.fill();
    this.reveal();
    this.offerExamples();
    this.stage.watch();
    this.stage.schedule();
  }

  /** The picker of examples stands over the panels that use it, and the output shows which place is meant. */
  offerExamples() {
    const used = Boolean(this.scene?.probe && this.panel.onExample?.(this.scene));
    this.probe.hidden = !used;
    this.stage.output.offer(used && Boolean(this.scene.data.domain));
  }

  /** Show the open panel; where nothing trains, its pictures and numbers would be of an earlier network. */
  fill() {
    const runs = !this.scene || this.scene.probe;
    const shown = runs ? this.panel.element : this.nothing;
    if (this.place.firstChild !== shown) this.place.replaceChildren(shown);     // who types in it goes on typing
    if (runs) this.panel.opened?.();
  }

  /** On a narrow screen the tabs scroll sideways: bring the open one into sight. */
  reveal() {
    const tab = this.tabs.children[this.panels.indexOf(this.panel)];
    const [strip, box] = [this.tabs.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (box.left < strip.left || box.right > strip.right) this.tabs.scrollLeft += box.left - strip.left - (strip.width - box.width) / 2;
  }

  /** Open a panel by its title; behind a colon, "Views: gates", stands what it shows first. */
  openNamed(name) {
    const [title, first] = name.split(": ");
    const panel = this.panels.find((candidate) => candidate.title === title);
    panel?.prefer?.(first);
    if (panel) this.open(panel);
    if (panel !== this.panels[0] || first) this.free = false;
  }

  /** Look at one weight in every detail: {name, index}. */
  examine({ name, index }) {
    const panel = this.panels.find((candidate) => candidate.look);
    if (!panel) return;
    this.choose(panel);
    panel.look?.(name, index);
    this.element.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  themed(colors) {
    for (const panel of this.panels) panel.themed(colors);
  }

  show(scene, selected) {
    this.scene = scene;
    this.nameExample();
    const before = this.tabs.scrollWidth;
    this.panels.forEach((panel, i) => { /** @type {HTMLElement} */ (this.tabs.children[i]).hidden = !(panel.suits?.(scene) ?? true); });
    if (this.tabs.scrollWidth !== before) this.reveal();
    const first = this.panels.find((panel) => panel.leads && panel.suits?.(scene)) ?? this.panels[0];
    if (this.free ? this.panel !== first : this.panel.suits && !this.panel.suits(scene)) this.open(first);
    for (const panel of this.panels) if (panel.suits?.(scene) ?? true) panel.show?.(scene, selected);
    this.fill();
    this.offerExamples();
  }

  /** Which example is looked at, and what is true of it. */
  nameExample() {
    const { probe, data } = this.scene ?? {};
    if (!probe || this.named === probe) return;
    this.named = probe;
    this.index = probe.index;
    this.example.textContent = nameOf(probe, data);
  }

  select(index) {
    for (const panel of this.panels) panel.select?.(index);
  }

  needs() {
    return this.panel?.needs?.() ?? [];
  }

  draw(frame, run) {
    this.nameExample();
    this.panel.draw?.(frame, run);
  }

  answered(message) {
    for (const panel of this.panels) panel.answered?.(message);
  }
}
