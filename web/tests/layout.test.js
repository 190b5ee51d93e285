import assert from "node:assert/strict";
import { test } from "node:test";

import { column, edgesBetween, nearestEdge, spans, tracePath } from "../draw/layout.js";
import { shaped } from "../wire/message.js";

const BOX = { centre: 200, width: 120, height: 430 };

/** Whether two squares of a column lie over each other. */
const overlap = (size) => (one, other) => Math.abs(one.x - other.x) < size && Math.abs(one.y - other.y) < size;

function checkColumn(found, count) {
  assert.equal(found.neurons.length + found.hidden, count);
  for (const neuron of found.neurons) {
    assert.ok(neuron.y >= 0 && neuron.y + found.size <= BOX.height, `${count}: inside the box`);
    assert.ok(neuron.x >= BOX.centre - BOX.width / 2 - 1 && neuron.x + found.size <= BOX.centre + BOX.width / 2 + 1, `${count}: in its column`);
    assert.equal(found.neurons.filter((other) => overlap(found.size)(neuron, other)).length, 1, `${count}: alone in its place`);
  }
  assert.deepEqual(found.neurons.map(({ unit }) => unit), found.neurons.map((_, i) => i));
}

test("neurons stand inside their box, none on another, whatever their number", () => {
  for (const count of [1, 2, 3, 8, 20, 31, 64, 128, 1000]) {
    checkColumn(column("0", count, BOX, "neurons"), count);
    checkColumn(column("0", count, BOX, "maps"), count);
  }
});

test("few neurons all have room, and a thousand do not", () => {
  assert.equal(column("0", 8, BOX, "neurons").hidden, 0);
  assert.ok(column("0", 1000, BOX, "neurons").hidden > 0);
});

test("a column's bounds hold its neurons, around its middle", () => {
  const found = column("0", 5, BOX, "neurons");
  assert.equal(found.top, Math.min(...found.neurons.map(({ y }) => y)));
  assert.equal(found.bottom, Math.max(...found.neurons.map(({ y }) => y)) + found.size);
  for (const count of [5, 60]) {
    const { left, right, top, bottom, neurons, size } = column("0", count, BOX, "neurons");
    assert.deepEqual([left, right], [Math.min(...neurons.map(({ x }) => x)), Math.max(...neurons.map(({ x }) => x)) + size]);
    assert.ok(Math.abs((left + right) / 2 - BOX.centre) <= 1, `${count}: in the middle of its column`);
    assert.ok(Math.abs((top + bottom) / 2 - (14 + BOX.height - 22) / 2) <= 1, `${count}: in the middle between the margins`);
  }
});

test("a column of nothing has a place that edges can lead to", () => {
  const { neurons, left, right, top, bottom } = column("0", 0, BOX, "neurons");
  assert.deepEqual([neurons, left, right, top, bottom], [[], 170, 230, 185, 245]);
});

test("the fewer there are, the larger they are drawn, and never larger than a card", () => {
  for (const counts of [[1, 8, 20, 30], [31, 100, 200]]) {          // in one file, in several
    const sizes = counts.map((count) => column("0", count, BOX, "neurons").size);
    assert.deepEqual(sizes, [...new Set(sizes)].sort((a, b) => b - a));
  }
  assert.equal(column("0", 1, BOX, "neurons").size, 54);
  assert.equal(column("0", 1, { ...BOX, width: 30 }, "neurons").size, 30);
});

test("maps stand in as many files as makes them largest", () => {
  const [maps, neurons] = ["maps", "neurons"].map((kind) => column("0", 8, BOX, kind));
  assert.equal(new Set(neurons.neurons.map(({ x }) => x)).size, 1);
  assert.equal(new Set(maps.neurons.map(({ x }) => x)).size, 2);
  assert.ok(maps.size > neurons.size);
});

test("the pixels of a picture stand as in the picture", () => {
  const { neurons } = column("input", 64, { ...BOX, image: [8, 8] }, "neurons");
  assert.equal(neurons.length, 64);
  assert.equal(new Set(neurons.slice(0, 8).map(({ y }) => y)).size, 1);
  assert.equal(new Set([0, 8, 16].map((unit) => neurons[unit].x)).size, 1);
  assert.ok(neurons[1].x > neurons[0].x && neurons[8].y > neurons[0].y);
});

test("a series is one stripe, whatever its length", () => {
  const found = column("0", 40, BOX, "steps");
  assert.equal(found.neurons.length, 1);
  assert.deepEqual([found.left, found.right, found.top, found.bottom], [140, 260, 85, 345]);
  const flat = column("0", 40, { centre: 200, width: 400, height: 200 }, "steps");
  assert.deepEqual([flat.left, flat.right, flat.top, flat.bottom], [110, 290, 18, 182]);
});

test("neighbours with the same text share a span, and what has none belongs to none", () => {
  assert.deepEqual(spans(["a", "a", "", "a", "b"]), [{ first: 0, last: 1, text: "a" }, { first: 3, last: 3, text: "a" }, { first: 4, last: 4, text: "b" }]);
  assert.deepEqual(spans(["", ""]), []);
});

const left = { size: 10, neurons: [{ unit: 0, x: 0, y: 0 }, { unit: 1, x: 0, y: 100 }] };
const right = { size: 20, neurons: [{ unit: 0, x: 110, y: 0 }, { unit: 1, x: 110, y: 100 }, { unit: 2, x: 110, y: 200 }] };
const weights = shaped(Float32Array.of(0.5, -2, 0.1, 3, 0, -1), [2, 3]);

test("an edge carries the weight that leads from its left neuron to its right one", () => {
  const edges = edgesBetween(left, right, weights, 100);
  assert.equal(edges.length, 6);
  const edge = edges.find(({ from, to }) => from === 1 && to === 2);
  assert.deepEqual(edge, { x1: 10, y1: 105, x2: 110, y2: 210, weight: -1, from: 1, to: 2 });
});

test("of too many edges the strongest are drawn", () => {
  const edges = edgesBetween(left, right, weights, 3);
  assert.deepEqual(edges.map(({ weight }) => weight).sort((a, b) => a - b), [-2, -1, 3]);
});

test("without weights each neuron leads to its like, or nothing to nothing", () => {
  assert.deepEqual(edgesBetween(left, left, undefined, 9).map(({ from, to, weight }) => [from, to, weight]), [[0, 0, null], [1, 1, null]]);
  assert.deepEqual(edgesBetween(left, right, undefined, 9), []);
});

test("the edge under the pointer is the nearest within reach, along its curve", () => {
  const edges = edgesBetween(left, right, weights, 100);
  const at = (x, y, reach = 3) => nearestEdge(edges, { x, y }, reach);
  const lowest = edges.find(({ from, to }) => from === 1 && to === 2);     // from (10, 105) to (110, 210)
  assert.equal(at(60, 157.5), lowest);                         // half way to the right it has come half way down,
  assert.equal(at(35, 116), lowest);                           // but after a quarter only a tenth
  assert.notEqual(at(35, 131), lowest);
  assert.equal(at(60, 400), null);
  assert.equal(at(200, 10), null);                             // behind where edges arrive
  assert.equal(at(0, 5), null);                                // and before where they leave
  assert.equal(nearestEdge(edgesBetween(left, left, undefined, 9), { x: 5, y: 5 }, 50), null);
});

test("a curve leaves and arrives level", () => {
  const calls = [];
  tracePath({ moveTo: (...point) => calls.push(point), bezierCurveTo: (...points) => calls.push(points) }, { x1: 2, y1: 1, x2: 10, y2: 5 });
  assert.deepEqual(calls, [[2, 1], [6, 1, 6, 5, 10, 5]]);
});
