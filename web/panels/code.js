// Code: the run as a script of the house's own engine, and its network in PyTorch.

import { h } from "../lib/dom.js";

/** @import { PanelHost } from "../wire/host.d.ts" */

const LOOK = {
  numpy: "This script repeats the run as it is now, every change on the way included: it ends with the very loss that the page shows.",
  torch: "The same network in PyTorch, ready to train on the same examples: it runs alone and says what it does otherwise. Its `load` takes over the weights of this one, and then it answers the same.",
};
const FILES = { numpy: "run.py", torch: "network_torch.py" };

export class CodePanel {
  title = "Code";
  /** @type {Record<string, any>} */ code;
  /** @type {number} */ askedAt;
  /** @type {number} */ step;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.which = h("select", { class: "ll-speed", "aria-label": "Language", onchange: () => this.tell() },
      h("option", { value: "numpy" }, "NumPy: our own engine"), h("option", { value: "torch" }, "PyTorch"));
    this.copied = h("span", { class: "ll-caption", role: "status" });
    this.copy = h("button", { type: "button", class: "ll-text-button", onclick: () => this.toClipboard() }, "Copy");
    this.save = h("a", { class: "ll-text-button", role: "button" }, "Save as a file");
    this.data = h("button", { type: "button", class: "ll-text-button", hidden: true, onclick: () => this.fetchData() }, "Save the data");
    this.text = h("pre", { class: "ll-code", tabindex: "0", "aria-label": "Code", "data-view": "code" });
    this.note = h("p", { class: "ll-caption" });
    this.element = h("div", {}, h("div", { class: "ll-controls" }, this.which, this.copy, this.save, this.data, this.copied), this.note, this.text);
  }

  themed() {}

  opened() {
    this.ask();
  }

  ask() {
    this.askedAt = performance.now();
    this.stage.ask("code");
  }

  /** The script says how many steps to train: it follows a run that is paused at once, one that plays now and then. */
  draw({ step, status }) {
    if (step === this.step || performance.now() - this.askedAt < (status === "playing" ? 1000 : 100)) return;
    this.step = step;
    this.ask();
  }

  answered({ header, arrays }) {
    if (header.instrument === "examples") this.saveData(header, arrays);
    if (header.instrument !== "code") return;
    this.code = header;
    this.tell();
  }

  /** The examples that the PyTorch script reads, where there are too many to stand inside it. */
  fetchData() {
    this.data.disabled = true;
    this.copied.textContent = "Packing the examples …";
    this.stage.ask("examples");
  }

  saveData({ file, error }, arrays) {
    this.data.disabled = false;
    this.copied.textContent = error ?? `Keep ${file} beside the script.`;
    if (error) return;
    const address = URL.createObjectURL(new Blob([arrays.bytes], { type: "application/zip" }));
    h("a", { href: address, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  tell() {
    if (!this.code) return;
    const which = this.which.value;
    const text = this.code[which];
    this.text.hidden = this.copy.hidden = this.save.hidden = !text;
    this.data.hidden = which !== "torch" || !this.code.file;
    const beside = this.data.hidden ? "" : ` It reads ${this.code.file} beside it: save both.`;
    this.note.textContent = text ? LOOK[which] + beside + (which === "numpy" && this.code.broken ? ` But not quite this run: ${this.code.broken}` : "") : this.code.torch_error;
    if (text === this.text.textContent) return;
    this.text.textContent = text;
    this.copied.textContent = "";
    URL.revokeObjectURL(this.save.href);
    this.save.href = URL.createObjectURL(new Blob([text], { type: "text/x-python" }));
    this.save.download = FILES[which];
  }

  async toClipboard() {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      this.copied.textContent = "Copied.";
    } catch {                              // a page without https may not reach the clipboard: mark the text instead
      getSelection()?.selectAllChildren(this.text);
      this.copied.textContent = "Press Ctrl C to copy what is marked.";
    }
  }
}
