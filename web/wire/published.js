// What the stage says of the frame on it in its attributes, for whoever looks at the page from outside.

/** @import { Frame } from "./host.d.ts" */

/** Write the newest frame's numbers; of one without numbers, since nothing trains, none of an earlier one is left.
 * @param {DOMStringMap} dataset
 * @param {Frame} frame
 * @param {number} drawn
 * @param {boolean} died */
export function publish(dataset, frame, drawn, died) {
  dataset.frames = String(drawn);
  if (!died) dataset.status = frame.status;
  const numbers = { step: frame.step, lr: frame.lr, loss: frame.train_loss };
  for (const [name, value] of Object.entries(numbers)) {
    if (frame.step === undefined) delete dataset[name];
    else dataset[name] = String(value);
  }
}
