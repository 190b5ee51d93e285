// What the stage says of the frame on it in its attributes, for whoever looks at the page from outside.

/** Write the newest frame's numbers; of one without numbers, since nothing trains, none of an earlier one is left. */
export function publish(dataset, frame, drawn, died) {
  dataset.frames = drawn;
  if (!died) dataset.status = frame.status;
  const numbers = { step: frame.step, lr: frame.lr, loss: frame.train_loss };
  for (const [name, value] of Object.entries(numbers)) {
    if (frame.step === undefined) delete dataset[name];
    else dataset[name] = value;
  }
}
