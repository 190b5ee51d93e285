import assert from "node:assert/strict";
import { test } from "node:test";

import { levels, rule } from "../lib/axes.js";

/** A context that remembers its lines and words. */
function sheet() {
  const drawn = [];
  let path = [];
  return { drawn, beginPath() { path = []; }, moveTo: (...at) => path.push(...at), lineTo: (...at) => path.push(...at),
    stroke() { drawn.push([this.strokeStyle, ...path]); }, fillText(text, x, y) { drawn.push([this.fillStyle, this.textAlign, text, x, y]); } };
}

test("a rule is a line of its own, whatever was drawn before", () => {
  const context = sheet();
  context.moveTo(9, 9);
  rule(context, "grey", 1, 2, 3, 4);
  assert.deepEqual(context.drawn, [["grey", 1, 2, 3, 4]]);
});

test("levels are lines across, each with its name at the left of it", () => {
  const context = sheet();
  levels(context, [0, 5], { left: 50, right: 90, y: (value) => 100 - value, name: (value) => `${value} %`, colors: { line: "grey", quiet: "dim" } });
  assert.deepEqual(context.drawn, [["grey", 50, 100, 90, 100], ["dim", "right", "0 %", 44, 100], ["grey", 50, 95, 90, 95], ["dim", "right", "5 %", 44, 95]]);
});
