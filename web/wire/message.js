// Messages from a run as they come over the wire; live/protocol.py describes the layout.

/** @import { Arrays, Message, NumberArray } from "./host.d.ts" */

const TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

/** Numbers with their shape.
 * @param {Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array} numbers
 * @param {number[]} shape
 * @returns {NumberArray} */
export const shaped = (numbers, shape) => /** @type {any} */ (Object.assign(numbers, { shape }));

/** {header, arrays}: each array is a typed array with a `shape`.
 * @param {ArrayBuffer} buffer
 * @returns {Message} */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {Arrays} */ const arrays = {};
  for (const [name, dtype, shape, offset] of header.arrays) {
    const count = shape.reduce((product, n) => product * n, 1);
    arrays[name] = shaped(new TYPES[dtype](buffer, 4 + length + offset, count), shape);
  }
  return { header, arrays };
}
