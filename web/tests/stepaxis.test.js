import assert from "node:assert/strict";
import { test } from "node:test";

import "./document.js";
import { fellEarly, StepAxis } from "../lib/stepaxis.js";

/** A history whose loss falls by this share of the whole in the first hundredth of its steps, and evenly then. */
function history(steps, share) {
  return { step: [0, steps / 100, steps], train_loss: [3, 3 - 2 * share, 1] };
}

test("a loss that fell in the first hundredth of the steps fell early", () => {
  assert.equal(fellEarly(history(1000, 0.9)), true);
  assert.equal(fellEarly(history(1000, 0.5)), true);
  assert.equal(fellEarly(history(1000, 0.49)), false);
  assert.equal(fellEarly(history(1000, 0.01)), false);
});

test("a loss that has not fallen did not fall early", () => {
  assert.equal(fellEarly({ step: [0, 10, 1000], train_loss: [1, 0.1, 2] }), false);
  assert.equal(fellEarly({ step: [0], train_loss: [1] }), false);
});

test("between two rows the loss is read off the line from one to the other", () => {
  assert.equal(fellEarly({ step: [0, 20, 1000], train_loss: [1, 0, 0] }), true);        // at step 10 it is 0.5
  assert.equal(fellEarly({ step: [0, 30, 1000], train_loss: [1, 0, 0] }), false);       // at step 10 it is 0.67
  assert.equal(fellEarly({ step: [0, 5, 13, 1000], train_loss: [1, 1, 0, 0] }), true);  // at step 10 it is 0.38
  assert.equal(fellEarly({ step: [0, 5, 25, 1000], train_loss: [1, 1, 0, 0] }), false); // at step 10 it is 0.75
});

test("an axis becomes logarithmic where that suits the run, and stays so until a rewind", () => {
  const axis = new StepAxis();
  let drawn = 0;
  axis.control(() => { drawn += 1; });
  axis.follow(history(500, 0.9));                    // too short a run
  assert.deepEqual([axis.log, drawn], [false, 0]);
  axis.follow(history(1000, 0.9));
  assert.deepEqual([axis.log, drawn], [true, 1]);
  axis.follow(history(5000, 0.1));
  assert.deepEqual([axis.log, drawn], [true, 1]);
  axis.follow({ step: [0], train_loss: [1] });
  assert.deepEqual([axis.log, drawn], [false, 2]);
  axis.close();
});

test("what the person chooses holds for every run, whatever suits it", () => {
  const [one, other] = [new StepAxis(), new StepAxis()];
  const drawn = [];
  const { element, show } = one.control(() => drawn.push("one"));
  other.control(() => drawn.push("other"));
  const [box] = element.children;
  show();
  assert.equal(box.checked, false);
  box.checked = true;
  box.listeners.get("change")();
  assert.deepEqual([one.log, other.log, drawn], [true, true, ["one", "other"]]);
  box.checked = false;
  box.listeners.get("change")();
  one.follow(history(1000, 0.9));
  assert.deepEqual([one.suits, one.log], [true, false]);
});
