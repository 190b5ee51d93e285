import assert from "node:assert/strict";
import { test } from "node:test";

import { Upsample } from "../draw/upsample.js";

test("a square of one value stays one value", () => {
  const out = new Upsample(4).of(new Uint8Array(9).fill(77), 3);
  assert.equal(out.length, 144);
  assert.ok(out.every((value) => value === 77));
});

test("a slope becomes finer, and its ends stay", () => {
  const out = new Upsample(2).of(Uint8Array.of(0, 100, 200, 0, 100, 200, 0, 100, 200), 3);
  assert.deepEqual(Array.from(out.slice(0, 6)), [0, 25, 75, 125, 175, 200]);
  for (let row = 1; row < 6; row++) assert.deepEqual(out.slice(row * 6, row * 6 + 6), out.slice(0, 6));
});

test("each place lies between its own two neighbours", () => {
  const out = new Upsample(2).of(Uint8Array.of(0, 100, 40, 0, 100, 40, 0, 100, 40), 3);
  assert.deepEqual(Array.from(out.slice(0, 6)), [0, 25, 75, 85, 55, 40]);
});

test("rows are weighed as columns are", () => {
  const across = Uint8Array.of(0, 100, 200, 40, 90, 10, 7, 80, 255);
  const down = Uint8Array.from({ length: 9 }, (_, i) => across[(i % 3) * 3 + Math.floor(i / 3)]);
  const [one, other] = [new Upsample(4).of(across, 3), new Upsample(4).of(down, 3)];
  for (let y = 0; y < 12; y++) for (let x = 0; x < 12; x++) assert.equal(one[y * 12 + x], other[x * 12 + y]);
});

test("a square of another size is made finer, too", () => {
  const finer = new Upsample(2);
  finer.of(new Uint8Array(9).fill(9), 3);
  assert.deepEqual([...finer.of(Uint8Array.of(8, 8, 8, 8), 2)], Array.from({ length: 16 }, () => 8));
});
