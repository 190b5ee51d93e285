import assert from "node:assert/strict";
import { test } from "node:test";

import { changed, inserted, moved, removed, setPath } from "../wire/spec.js";

const spec = () => ({ training: { optimizer: { kind: "sgd", lr: 0.1 }, clip: null }, data: { points: [[0, 1, 2]] } });

test("a value is replaced in a copy", () => {
  const before = spec();
  const after = setPath(before, ["training", "optimizer", "lr"], 0.5);
  assert.equal(after.training.optimizer.lr, 0.5);
  assert.equal(after.training.optimizer.kind, "sgd");
  assert.deepEqual(before, spec());
  after.data.points[0][0] = 9;
  assert.deepEqual(before, spec());
});

test("a setting that is null can be given a value, and a place in a list too", () => {
  assert.equal(setPath(spec(), ["training", "clip"], 1).training.clip, 1);
  assert.deepEqual(setPath(spec(), ["data", "points", 0], [3, 3, 0]).data.points, [[3, 3, 0]]);
});

test("a path that is not there leaves the spec as it is", () => {
  const before = spec();
  for (const path of [["training", "momentum"], ["nets", "layers"], ["training", "clip", "limit"], ["data", "points", 4]]) {
    assert.equal(setPath(before, path, 1), before, path.join());
  }
});

const layers = [{ kind: "dense", units: 4 }, { kind: "dropout" }, { kind: "dense", units: 2 }];
const names = (list) => list.map(({ kind, units }) => `${kind}${units ?? ""}`).join();

test("layers are put in, taken out, moved and changed, each in a new list", () => {
  const kept = structuredClone(layers);
  assert.equal(names(inserted(layers, 0, { kind: "conv" })), "conv,dense4,dropout,dense2");
  assert.equal(names(inserted(layers, 3, { kind: "conv" })), "dense4,dropout,dense2,conv");
  assert.equal(names(removed(layers, 1)), "dense4,dense2");
  assert.equal(names(moved(layers, 0, 2)), "dropout,dense2,dense4");
  assert.equal(names(moved(layers, 2, 0)), "dense2,dense4,dropout");
  assert.equal(names(changed(layers, 2, { units: 7 })), "dense4,dropout,dense7");
  assert.deepEqual(layers, kept);
});

test("moving a layer that is gone changes nothing", () => {
  assert.equal(moved(layers, 5, 0), layers);
});
