// Translate: what an encoder–decoder writes for one's own text, while it learns.

import { h } from "../lib/dom.js";
import { throttled } from "../lib/throttle.js";
import { AttentionPicture } from "./attention_picture.js";
import { suits } from "../wire/questions.js";
import { fixed } from "../lib/format.js";

/** @import { PanelHost } from "../wire/host.d.ts" */
/** @import { Colors } from "../lib/colors.js" */

const ASK_EVERY = 500;       // ms while the run plays

export class TranslatePanel {
  title = "Translate";
  /** @type {Colors} */ colors;
  /** @type {string} */ name;
  /** @type {string} */ written;
  /** @type {string} */ stamp;

  /** @param {PanelHost} stage */
  constructor(stage) {
    this.stage = stage;
    this.text = h("input", { type: "text", maxlength: "200", class: "ll-text", "aria-label": "Your own text", placeholder: "Type a date, such as 3 March 2019",
      oninput: throttled(() => this.own()) });
    this.looking = new AttentionPicture("Where the decoder looks: a row for each character that it writes, a column for each that it reads",
      (names) => names.filter((name) => name.startsWith("decoder") && !name.includes("attention.attention")).at(-1));
    this.trouble = h("p", { class: "ll-caption ll-trouble", role: "status" });
    this.said = h("dl", { class: "ll-numbers ll-translated", role: "status" });
    this.element = h("div", {}, this.text, this.trouble, this.said, this.looking.element, h("p", { class: "ll-caption" },
      "Greedy takes the likeliest letter at each place; beam search keeps the four best beginnings. The heatmap shows where the network looks: a row for each character that it writes, a column for each that it reads."));
    this.askedAt = 0;
  }

  onExample() {
    return true;
  }

  themed(colors) {
    this.colors = colors;
  }

  show(scene) {
    if (this.name !== scene.data.name) this.text.value = "";
    this.name = scene.data.name;
    this.looking.show(scene);
    this.stage.watch();
  }

  own() {
    this.stage.send({ op: "probe", own: this.text.value });
    this.opened();
  }

  needs() {
    return this.looking.needs();
  }

  suits(scene) {
    return suits(scene, "translate");
  }

  opened() {
    this.stage.ask("translate");
  }

  draw(frame, run) {
    this.trouble.textContent = frame.probe_trouble ?? "";
    if (this.written !== undefined) {
      const rows = [...this.written, "end"].map((letter, place) => [place, letter]);
      const columns = run.scene.probe.tokens.map((letter, place) => [place, letter]).filter(([, letter]) => letter !== run.scene.data.pad);
      this.looking.draw(frame, rows, columns, this.colors);
    }
    const now = performance.now();
    const stamp = `${frame.step}:${run.scene.probe?.tokens.join("")}`;
    if (stamp === this.stamp || now - this.askedAt < ASK_EVERY) return;
    this.stamp = stamp;
    this.askedAt = now;
    this.stage.ask("translate");
  }

  answered({ header }) {
    if (header.instrument !== "translate" || header.greedy === undefined) return;
    this.written = header.greedy;
    const pair = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value || "–"));
    this.said.replaceChildren(pair("Read", header.source || "nothing that it knows"), pair("Greedy", header.greedy),
      ...(header.truth ? [pair("Truth", header.truth)] : []),
      ...(header.beam ?? []).slice(0, 3).map(({ text, score }, i) => pair(`Beam ${i + 1} (${fixed(score)})`, text)));
  }
}
