import assert from "node:assert/strict";
import { test } from "node:test";

import { LossGrid } from "../draw/loss_grid.js";

const AXIS = Float32Array.of(-1, 0, 1);

function grid(losses = [], start = 0) {
  const found = new LossGrid({ header: {}, arrays: { a: AXIS, b: AXIS } });
  if (losses.length) found.take({ header: { start }, arrays: { losses: Float32Array.from(losses) } });
  return found;
}

test("losses come in slices, and it is known how many are there", () => {
  const found = grid([5, 1, 5]);
  assert.equal(found.share, 1 / 3);
  found.take({ header: { start: 3 }, arrays: { losses: Float32Array.of(1, 0, 1) } });
  assert.equal(found.share, 2 / 3);
  found.level(false);
  assert.deepEqual(found.z[1], [1, 0, 1]);
  assert.deepEqual(found.z[2], [null, null, null]);
});

test("a loss that soars is cut off, and a sentence says so", () => {
  const found = grid([2, 2, 2, 2, 1, 2, 2, 2, 1000]);
  found.level(false);
  assert.ok(Math.abs(found.z[2][2] - 5) < 1e-6);               // four times as far above the least as most of them
  assert.equal(found.truth[2][2], 1000);
  assert.match(found.caution, /above 5\.00 are cut off: a log scale/);
  found.level(true);
  assert.equal(found.z[2][2], 3);
  assert.equal(found.caution, "");
});

test("where all losses are near, nothing is cut", () => {
  const found = grid([1, 2, 1, 2, 1, 2, 1, 2, 1]);
  found.level(false);
  assert.equal(found.caution, "");
  assert.deepEqual(found.z, [[1, 2, 1], [2, 1, 2], [1, 2, 1]]);
  assert.equal(found.unit, "Loss");
});

test("a loss that is no number stands as high as the highest", () => {
  const found = grid([1, 2, 1, 2, 1, 2, 1, 2, NaN]);
  found.level(false);
  assert.equal(found.z[2][2], 2);
  assert.notEqual(found.caution, "");
});

test("a loss of zero has a logarithm that can be drawn", () => {
  const found = grid([1, 1, 1, 1, 0, 1, 1, 1, 1]);
  found.level(true);
  assert.equal(found.z[1][1], -12);
  assert.match(found.unit, /log/);
});

test("heights between the grid's points are those of a straight way between them", () => {
  const found = grid([0, 1, 2, 1, 2, 3, 2, 3, 4]);             // a + b + 2
  found.level(false);
  for (const [x, y] of [[-1, -1], [1, 1], [0.5, -0.5], [0.25, 0.75]]) assert.ok(Math.abs(found.at(x, y) - (x + y + 2)) < 1e-6, `${x}, ${y}`);
  for (const [x, y] of [[1.1, 0], [-1.1, 0], [0, 1.1], [0, -1.1]]) assert.equal(found.at(x, y), null);
});

test("around a peak each side goes down its own way", () => {
  const found = grid([1, 2, 1, 2, 3, 2, 1, 2, 1]);
  found.level(false);
  for (const [x, y] of [[-0.5, -0.25], [0.5, -0.25], [-0.5, 0.25], [0.5, 0.25]]) assert.ok(Math.abs(found.at(x, y) - 2.25) < 1e-6, `${x}, ${y}`);
});

test("there is no height where losses are still on their way", () => {
  const found = grid([0, 1, 2, 1]);
  found.level(false);
  assert.equal(found.at(0.5, -0.5), null);
  assert.equal(found.at(-0.5, -0.5), null);
});

test("a way over the surface keeps its places and lies just above it", () => {
  const found = grid([1, 2, 3, 2, 3, 4, 3, 4, 5]);
  found.level(false);
  const way = found.way("path", Float32Array.of(-1, -1, 0, 0, 1, 0));
  assert.deepEqual(way["path.a"], [-1, 0, 1]);
  assert.deepEqual(way["path.b"], [-1, 0, 0]);
  assert.equal(way["path.x"].length, 17);
  way["path.z"].forEach((height, i) => assert.ok(Math.abs(height - (way["path.x"][i] + way["path.y"][i] + 3 + 0.08)) < 1e-6));
});
