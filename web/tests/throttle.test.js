import assert from "node:assert/strict";
import { test } from "node:test";

import { throttled } from "../lib/throttle.js";

/** Something throttled, and a clock that stands until it is moved. */
function setup(t) {
  let clock = 1000;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => clock);
  const calls = [];
  return { calls, act: throttled(() => calls.push(clock)), pass: (ms) => { clock += ms; t.mock.timers.tick(ms); } };
}

test("the first event is answered at once", (t) => {
  const { calls, act } = setup(t);
  act();
  assert.deepEqual(calls, [1000]);
});

test("of quick events those in a pause become one, behind it", (t) => {
  const { calls, act, pass } = setup(t);
  act();
  for (let i = 0; i < 5; i++) { pass(4); act(); }
  assert.equal(calls.length, 1);
  pass(10);
  assert.deepEqual(calls, [1000, 1030]);
  pass(100);
  assert.equal(calls.length, 2);
});

test("while events go on and on, they are answered again and again", (t) => {
  const { calls, act, pass } = setup(t);
  for (let i = 0; i < 30; i++) { act(); pass(10); }
  assert.ok(calls.length >= 9 && calls.length <= 11, String(calls.length));
});

test("after a rest an event is answered at once again", (t) => {
  const { calls, act, pass } = setup(t);
  act();
  pass(500);
  act();
  assert.deepEqual(calls, [1000, 1500]);
});
