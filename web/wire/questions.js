// What the instruments can be asked, as the scene declares it.

/** @import { Scene } from "./host.d.ts" */

/** The knobs of an instrument's question by name: {low, high, step, slider, options, longest, ...} of each.
 * @param {Scene} scene
 * @param {string} instrument
 * @returns {Record<string, any>} */
export function knobs(scene, instrument) {
  return Object.fromEntries(scene.questions[instrument].knobs.map((knob) => [knob.name, knob]));
}

/** Whether an instrument has something to say of the run's data.
 * @param {Scene} scene
 * @param {string} instrument */
export function suits(scene, instrument) {
  return scene.questions[instrument].suits;
}
