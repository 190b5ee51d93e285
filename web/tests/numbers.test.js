import assert from "node:assert/strict";
import { test } from "node:test";

import "./document.js";
import { Numbers } from "../parts/numbers.js";

const numbers = [{ label: "w", source: "weights.0.W", place: 1 }, { label: "b", source: "weights.0.b", place: 0 },
  { label: "∂L/∂w", source: "gradients.0.W", place: 0 }, { label: "loss", source: "train_loss", place: 0 }];

test("what must be watched are the pictures that hold the arrays; a value of the header needs none", () => {
  const shown = new Numbers();
  assert.deepEqual(shown.needs(), []);
  shown.setup(numbers);
  assert.deepEqual([...new Set(shown.needs())], ["weights", "gradients"]);
  shown.setup([numbers[3]]);
  assert.deepEqual(shown.needs(), []);
});

test("a number is read at its place in an array, or from the header; what is not there is a dash", () => {
  const shown = new Numbers();
  shown.setup(numbers);
  const texts = () => shown.cells.map(({ value }) => value.textContent);
  shown.draw({ status: "paused", train_loss: 0.25, arrays: { "weights.0.W": [1, -2.5], "weights.0.b": [0.125] } }, 0);
  assert.deepEqual(texts(), ["−2.5000", "0.1250", "–", "0.2500"]);
});

test("while the run plays, numbers change no faster than they can be read", () => {
  const shown = new Numbers();
  shown.setup([numbers[3]]);
  const read = (status, loss, now) => {
    shown.draw({ status, train_loss: loss, arrays: {} }, now);
    return shown.cells[0].value.textContent;
  };
  assert.equal(read("playing", 1, 1000), "1.0000");
  assert.equal(read("playing", 2, 1050), "1.0000");
  assert.equal(read("playing", 3, 1100), "3.0000");
  assert.equal(read("paused", 4, 1101), "4.0000");
});
