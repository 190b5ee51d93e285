// Translate: what an encoder–decoder writes for one's own text, while it learns.

import { h } from "../dom.js";

const ASK_EVERY = 500;       // ms while the run plays
const TYPE_PAUSE = 30;

export class TranslatePanel {
  title = "Translate";

  constructor(stage) {
    this.stage = stage;
    this.text = h("input", { type: "text", maxlength: "200", class: "ll-text", "aria-label": "Your own text", placeholder: "Type a date, such as 3 March 2019",
      oninput: () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.stage.send({ op: "probe", own: this.text.value }), TYPE_PAUSE); } });
    this.said = h("dl", { class: "ll-numbers ll-translated", role: "status" });
    this.element = h("div", {}, this.text, this.said, h("p", { class: "ll-caption" },
      "Greedy takes the likeliest letter at each place; beam search keeps the four best beginnings. Under Views, the attention of the output's layer shows where it looked while writing each letter."));
    this.askedAt = 0;
  }

  themed() {}

  suits(scene) {
    return scene.task === "seq2seq";
  }

  opened() {
    this.stage.ask("translate");
  }

  draw(frame, run) {
    const now = performance.now();
    const stamp = `${frame.step}:${run.scene.probe?.tokens.join("")}`;
    if (stamp === this.stamp || now - this.askedAt < ASK_EVERY) return;
    this.stamp = stamp;
    this.askedAt = now;
    this.stage.ask("translate");
  }

  answered({ header }) {
    if (header.instrument !== "translate" || header.greedy === undefined) return;
    const pair = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value || "–"));
    this.said.replaceChildren(pair("Read", header.source), pair("Greedy", header.greedy),
      ...(header.truth ? [pair("Truth", header.truth)] : []),
      ...(header.beam ?? []).slice(0, 3).map(({ text, score }, i) => pair(`Beam ${i + 1} (${score.toFixed(2)})`, text)));
  }
}
