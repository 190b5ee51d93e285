import assert from "node:assert/strict";
import { test } from "node:test";

import { shaped } from "../wire/message.js";
import { Run } from "../wire/run.js";

const NAMES = ["step", "epoch", "lr", "train_loss", "test_loss", "train_score", "test_score", "validation_loss"];
const COLUMNS = NAMES.length;

/** Rows of a history whose step is given; the other columns hold the step plus their place. */
const rows = (...steps) => shaped(Float32Array.from(steps.flatMap((step) => Array.from({ length: COLUMNS }, (_, i) => step + i))), [steps.length, COLUMNS]);
const scene = (more = {}) => ({ header: { type: "scene", generation: 1, probe: { index: 0 }, columns: { history: NAMES }, ...more }, arrays: {} });
const frame = (header, arrays = {}) => ({ header: { type: "frame", generation: 1, ...header }, arrays });

test("rows of the history become columns, in the order that they are sent in", () => {
  const run = new Run();
  run.apply(scene());
  assert.equal(run.apply(frame({ first_row: 0 }, { history: rows(0, 10) })), "frame");
  assert.deepEqual(run.history.step, [0, 10]);
  assert.deepEqual(run.history.epoch, [1, 11]);
  assert.deepEqual(run.history.validation_loss, [7, 17]);
});

test("rows that are sent again replace the old ones, and a rewind takes away what came later", () => {
  const run = new Run();
  run.apply(scene());
  run.apply(frame({ first_row: 0 }, { history: rows(0, 10, 20, 30) }));
  run.apply(frame({ first_row: 2 }, { history: rows(21) }));
  assert.deepEqual(run.history.step, [0, 10, 21]);
  run.apply(frame({ first_row: 1 }, { history: rows() }));
  assert.deepEqual(run.history.step, [0]);
});

test("a new scene begins with an empty history and no frame", () => {
  const run = new Run();
  run.apply(scene());
  run.apply(frame({ first_row: 0 }, { history: rows(0) }));
  assert.equal(run.apply(scene({ generation: 2 })), "scene");
  assert.equal(run.frame, null);
  assert.equal(run.scene.generation, 2);
  assert.ok(Object.values(run.history).every((column) => column.length === 0));
});

test("a picture that is not in a frame stays as it was", () => {
  const run = new Run();
  run.apply(frame({ step: 1 }, { boundary: [1], answer: [1] }));
  run.apply(frame({ step: 2 }, { answer: [2] }));
  assert.deepEqual(run.frame.arrays, { boundary: [1], answer: [2] });
  assert.equal(run.frame.step, 2);
});

test("another example that is looked at is taken into the scene", () => {
  const run = new Run();
  run.apply(scene());
  run.apply(frame({ step: 1, probe: { index: 5 } }));
  assert.equal(run.scene.probe.index, 5);
  run.apply(frame({ step: 2 }));
  assert.equal(run.scene.probe.index, 5);
});

test("trouble with an example of one's own stays until it is over", () => {
  const run = new Run();
  run.apply(frame({ probe_trouble: "Too long." }));
  run.apply(frame({}));
  assert.equal(run.frame.probe_trouble, "Too long.");
  run.apply(frame({ probe_trouble: "" }));
  assert.equal(run.frame.probe_trouble, "");
});

test("a run that has died keeps its last frame and stands still", () => {
  const run = new Run();
  run.apply({ header: { type: "died" }, arrays: {} });
  assert.equal(run.frame, null);
  run.apply(frame({ step: 7, status: "playing", steps_per_second: 900 }));
  assert.equal(run.apply({ header: { type: "died" }, arrays: {} }), "died");
  assert.deepEqual([run.frame.step, run.frame.status, run.frame.steps_per_second], [7, "ended", 0]);
});
