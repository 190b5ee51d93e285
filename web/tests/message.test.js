// The decoder reads what live/protocol.py packs: message.bin is written by message.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decode } from "../wire/message.js";

const file = readFileSync(new URL("message.bin", import.meta.url));
const { header, arrays } = decode(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));

test("the header's values arrive, text beyond ASCII too, and what is not finite as null", () => {
  assert.equal(header.type, "frame");
  assert.equal(header.step, 12);
  assert.equal(header.train_loss, null);
  assert.equal(header.notice, "Größer als 10 × 10 – “zu groß”");
});

test("every array has its type, its numbers and its shape", () => {
  const expected = {
    bytes: [Uint8Array, [0, 127, 255], [1, 3]],
    thousands: [Uint16Array, [1, 65535], [2]],
    whole: [Int32Array, [-2, 2147483647, 7], [3]],
    fine: [Float64Array, [1.1, -0, Infinity, NaN], [2, 2]],
    "weights.0.W": [Float32Array, [0, 0.25, 0.5, 0.75, 1, 1.25], [2, 3]],
    history: [Float32Array, [], [0, 8]],
  };
  assert.deepEqual(Object.keys(arrays), Object.keys(expected));
  for (const [name, [type, values, shape]] of Object.entries(expected)) {
    assert.ok(arrays[name] instanceof type, name);
    assert.deepEqual([...arrays[name]], values, name);
    assert.deepEqual(arrays[name].shape, shape, name);
  }
});

test("arrays are views of the message: nothing is copied", () => {
  assert.equal(arrays.bytes.buffer, arrays.history.buffer);
  assert.equal(arrays.fine.byteOffset % 8, 0);
});
