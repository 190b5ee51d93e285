// One sentence below the bar: what has happened to the run, and what would help.

import { h } from "../lib/dom.js";
import { remedyButton } from "../panels/health.js";

/** @import { Remedy } from "../wire/host.d.ts" */

export class Notice {
  /** @type {string} */ said;
  /** @type {boolean} */ died;
  /** @type {Remedy[] | null} */ remedies;
  /** @type {boolean} */ trying;
  /** @type {string} */ offered;
  /** @type {string} */ trouble;

  /** stage is what a remedy is applied to, and what starts again. */
  constructor(stage) {
    this.stage = stage;
    this.element = h("div", { class: "ll-notice", role: "status", hidden: true });
    this.begin();
  }

  /** Nothing has happened yet, as far as the run goes. */
  begin() {
    Object.assign(this, { said: "", died: false, remedies: null });
    this.show();
  }

  /** What the run says of itself; the same again changes nothing. Returns whether it is news. */
  say(sentence) {
    if (sentence === this.said) return false;
    Object.assign(this, { said: sentence, remedies: null });
    this.show();
    return true;
  }

  /** What is wrong with the connection, which goes before what the run said; "" where nothing is. */
  warn(trouble) {
    this.trouble = trouble;
    this.show();
  }

  /** The run's process has ended. */
  end() {
    this.died = true;
    this.show();
  }

  /** An instrument's answer about a run that has diverged: what would help stands beside the sentence that says so. */
  answered({ instrument, findings = [], trying }) {
    if (instrument !== "health") return;
    this.offer(findings.filter(({ kind }) => kind === "diverged").flatMap(({ remedies }) => remedies), trying);
  }

  /** What would help, beside the sentence; or that it is still being looked for. */
  offer(remedies, trying) {
    const offered = JSON.stringify([remedies, trying]);
    if (offered === this.offered && this.remedies) return;          // buttons stay under the pointer
    Object.assign(this, { remedies, trying, offered });
    this.show();
  }

  /** The remedies as buttons, behind what they are good for. */
  help() {
    const { remedies, trying, stage } = this;
    if (!remedies) return [];
    if (!remedies.length) return [trying ? " What helps is being tried on a copy …"
      : " Nothing that was tried on a copy helped: it needs another network, or other data."];
    return [" Tried on a copy, this helps; then press Play:", h("div", { class: "ll-remedies" },
      ...remedies.map((remedy) => remedyButton(remedy, stage)), ...(trying ? ["Trying what else …"] : []))];
  }

  show() {
    const { stage, said, trouble, died } = this;
    const restart = h("button", { type: "button", class: "ll-text-button", onclick: () => stage.restart() }, "Start again");
    const sentence = trouble || (died
      ? "The process that trained this network has ended unexpectedly. Your settings are safe." : said || "");
    this.element.replaceChildren(sentence, ...(died && !trouble ? [restart] : []), ...(trouble || died ? [] : this.help()));
    this.element.hidden = !sentence;
  }
}
