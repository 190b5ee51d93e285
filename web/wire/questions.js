// What the instruments can be asked, as the scene declares it.

/** The knobs of an instrument's question by name: {low, high, step, slider, options, longest, ...} of each. */
export function knobs(scene, instrument) {
  return Object.fromEntries(scene.questions[instrument].knobs.map((knob) => [knob.name, knob]));
}

/** Whether an instrument has something to say of the run's data. */
export function suits(scene, instrument) {
  return scene.questions[instrument].suits;
}
