import assert from "node:assert/strict";
import { test } from "node:test";

import { WaitingFrames } from "../wire/waiting_frames.js";

const frame = (step, more = {}) => ({ header: { type: "frame", step, ...more }, arrays: {} });

function setup() {
  const [taken, sent] = [[], []];
  const waiting = new WaitingFrames({ apply: ({ header }) => taken.push(header.step) });
  return { waiting, taken, sent, settle: () => waiting.settle((command) => sent.push(command.op)) };
}

test("frames are taken in one at a time, in order", () => {
  const { waiting, taken } = setup();
  for (const step of [1, 2, 3]) waiting.push(frame(step));
  assert.deepEqual(taken, []);
  assert.equal(waiting.next(), true);
  assert.equal(waiting.next(), true);
  assert.equal(waiting.next(), false);
  assert.deepEqual(taken, [1, 2, 3]);
  assert.equal(waiting.next(), false);
  assert.deepEqual(taken, [1, 2, 3]);
});

test("a credit goes back for each frame that was taken in, and once", () => {
  const { waiting, sent, settle } = setup();
  for (const step of [1, 2, 3]) waiting.push(frame(step));
  settle();
  assert.deepEqual(sent, []);
  waiting.next();
  waiting.next();
  settle();
  assert.deepEqual(sent, ["credit", "credit"]);
  settle();
  assert.equal(sent.length, 2);
  waiting.all();
  settle();
  assert.equal(sent.length, 3);
});

test("what the person asked for does not wait behind what was on its way", () => {
  const { waiting, taken } = setup();
  waiting.push(frame(1));
  waiting.push(frame(2));
  waiting.push(frame(3, { probe: { index: 4 } }));
  assert.deepEqual(taken, [1, 2]);
  waiting.next();
  assert.deepEqual(taken, [1, 2, 3]);
});
