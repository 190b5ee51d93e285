// Examples and answers in words and in their own units.

/** The example that is looked at, with what is true of it. */
export function nameOf(probe, data) {
  if (probe.index < 0) return "your own example";
  const truth = probe.truth === null ? "" : `: ${data.classes[probe.truth] ?? inOwnUnits(probe.truth, data)}`;
  return `test example ${probe.index + 1} of ${probe.count}${truth}`;
}

/** A standardised target in the units of the data. */
export function inOwnUnits(value, { target_scale: [mean, deviation] }) {
  return (value * deviation + mean).toPrecision(4);
}
