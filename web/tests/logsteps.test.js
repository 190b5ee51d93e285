import assert from "node:assert/strict";
import { test } from "node:test";

import { brief, chosen, shown, spot, ticks } from "../lib/logsteps.js";

test("step 0 stands where half a step would", () => {
  assert.equal(spot(1000), 3);
  assert.equal(spot(0), Math.log10(0.5));
  assert.ok(spot(0) < spot(1));
  assert.deepEqual([shown(0), shown(7)], [0.5, 7]);
});

test("a number of steps in few characters", () => {
  assert.deepEqual([0, 20, 999, 1000, 2500, 12345, 1e6, 2.5e6].map(brief), ["0", "20", "999", "1k", "2.5k", "12.35k", "1M", "2.5M"]);
});

test("over few powers of ten 2 and 5 are labelled too, over many the powers alone", () => {
  assert.deepEqual(ticks(spot(0), spot(60)), [0, 1, 2, 5, 10, 20, 50]);
  assert.deepEqual(ticks(spot(0), spot(100000)), [0, 1, 10, 100, 1000, 10000, 100000]);
  assert.deepEqual(ticks(2, 4), [100, 200, 500, 1000, 2000, 5000, 10000]);
});

test("close by, labels are evenly apart and inside", () => {
  const found = ticks(spot(1000), spot(1800));
  assert.ok(found.length >= 3, String(found));
  assert.ok(found.every((step) => step >= 1000 && step <= 1800 && step % 200 === 0), String(found));
});

test("few rows all stand", () => {
  assert.deepEqual(chosen([0, 5, 9], 3, true), [0, 1, 2]);
});

test("of many rows some are chosen, the first and the last among them", () => {
  const steps = Array.from({ length: 10001 }, (_, i) => i);
  for (const log of [false, true]) {
    const found = chosen(steps, 50, log);
    assert.ok(found.length <= 50 && found.length > 30, String(found.length));
    assert.deepEqual([found[0], found.at(-1)], [0, 10000]);
    assert.deepEqual(found, [...new Set(found)].sort((a, b) => a - b));
  }
});

test("evenly in number, or in the logarithm: then most of them are early", () => {
  const steps = Array.from({ length: 10001 }, (_, i) => i);
  const early = (log) => chosen(steps, 50, log).filter((row) => steps[row] <= 100).length;
  assert.equal(early(false), 1);
  assert.ok(early(true) >= 20, String(early(true)));
});
