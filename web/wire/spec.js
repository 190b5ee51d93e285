// The page's copy of the run's spec, and the edits that cards make to its layers.

/** A copy of `spec` with the value at `path` replaced. */
export function setPath(spec, path, value) {
  const copy = structuredClone(spec);
  let place = copy;
  for (const key of path.slice(0, -1)) place = place?.[key];
  if (place === undefined || place === null || place[path.at(-1)] === undefined) return spec;
  place[path.at(-1)] = value;
  return copy;
}

export function inserted(layers, index, layer) {
  return [...layers.slice(0, index), layer, ...layers.slice(index)];
}

export function removed(layers, index) {
  return layers.filter((_, i) => i !== index);
}

/** The layer at `from`, if there is one, taken out and put back so that it stands at `to`. */
export function moved(layers, from, to) {
  return !layers[from] ? layers : inserted(removed(layers, from), to, layers[from]);
}

export function changed(layers, index, settings) {
  return layers.map((layer, i) => (i === index ? { ...layer, ...settings } : layer));
}
