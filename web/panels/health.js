// Health: what is wrong with the run, where, why, and what would help, with one click.

import { h } from "../lib/dom.js";
import { AskingPanel, KeepAsking } from "./keep_asking.js";

/** @import { PanelHost, Remedy } from "../wire/host.d.ts" */

export class HealthPanel extends AskingPanel {
  title = "Health";
  /** @type {string} */ said;

  /** @param {PanelHost} stage */
  constructor(stage) {
    super();
    this.stage = stage;
    this.asking = new KeepAsking(stage, "health", undefined, 1000);
    this.list = h("div", { class: "ll-findings", "data-testid": "health" });
    this.element = h("div", {}, this.list, h("p", { class: "ll-caption" }, "Measured on training examples, again and again while the run plays: dead and saturated units, gradients that vanish or explode, steps that are too long or too short, a loss that stands still, overfitting. Each remedy is a setting like any other: Undo takes it back."));
  }

  themed() {}

  answered(message) {
    const header = this.asking.take(message);
    if (!header || header.error) return;
    const said = JSON.stringify(header.findings);
    if (said === this.said) return;                      // buttons stay under the pointer while nothing changes
    this.said = said;
    this.list.replaceChildren(...(header.findings.length ? header.findings.map((finding) => this.finding(finding))
      : [h("p", { class: "ll-well" }, "The run is well: nothing to worry about so far.")]));
  }

  finding({ kind, title, where, why, remedies }) {
    return h("article", { class: "ll-finding", "data-finding": kind }, h("h4", {}, `${title}: ${where}`), h("p", {}, why),
      h("div", { class: "ll-remedies" }, ...remedies.map((remedy) => remedyButton(remedy, this.stage))));
  }
}

/** A button that applies a remedy. Where that makes another network, it says so; what is known of it, its tip tells.
 * @param {Remedy} remedy
 * @param {Pick<PanelHost, "edit" | "send">} stage */
export function remedyButton({ label, path, value, also, restarts, rewinds, hint }, stage) {
  const apply = () => {
    stage.edit(path, value, also);
    if (rewinds) stage.send({ op: "rewind" });
  };
  return h("button", { type: "button", class: "ll-text-button", onclick: apply,
    title: hint || (restarts ? "This is another network: it starts again from its first step." : "") }, restarts ? `${label} (starts again)` : label);
}
