// The page's copy of the run's spec, and the edits that cards make to its layers.

/** @import { Path, Spec } from "./host.d.ts" */

/** A copy of `spec` with the value at `path` replaced.
 * @param {Spec} spec
 * @param {Path} path
 * @param {any} value
 * @returns {Spec} */
export function setPath(spec, path, value) {
  const copy = structuredClone(spec);
  let place = copy;
  const last = path[path.length - 1];
  for (const key of path.slice(0, -1)) place = place?.[key];
  if (place === undefined || place === null || place[last] === undefined) return spec;
  place[last] = value;
  return copy;
}

/** @param {Record<string, any>[]} layers
 * @param {number} index
 * @param {Record<string, any>} layer */
export function inserted(layers, index, layer) {
  return [...layers.slice(0, index), layer, ...layers.slice(index)];
}

/** @param {Record<string, any>[]} layers
 * @param {number} index */
export function removed(layers, index) {
  return layers.filter((_, i) => i !== index);
}

/** The layer at `from`, if there is one, taken out and put back so that it stands at `to`.
 * @param {Record<string, any>[]} layers
 * @param {number} from
 * @param {number} to */
export function moved(layers, from, to) {
  return !layers[from] ? layers : inserted(removed(layers, from), to, layers[from]);
}

/** @param {Record<string, any>[]} layers
 * @param {number} index
 * @param {Record<string, any>} settings */
export function changed(layers, index, settings) {
  return layers.map((layer, i) => (i === index ? { ...layer, ...settings } : layer));
}
