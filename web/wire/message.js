// Messages from a run as they come over the wire; live/protocol.py describes the layout.

const TYPES = { f4: Float32Array, f8: Float64Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

/** {header, arrays}: each array is a typed array with a `shape`. */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, dtype, shape, offset] of header.arrays) {
    const count = shape.reduce((product, n) => product * n, 1);
    arrays[name] = new TYPES[dtype](buffer, 4 + length + offset, count);
    arrays[name].shape = shape;
  }
  return { header, arrays };
}
