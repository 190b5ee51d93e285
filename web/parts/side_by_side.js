// Runs beside each other: what is done to one of them, by its run bar, is done to all in the same box of the page.

const BOX = ".st-key-beside";
const SPEED = 2;                    // their first speed, 100 steps a second: slow enough to keep pace with each other
const stages = new WeakMap();       // by the root of each

/** A stage has come to the page. */
export function join(stage) {
  stages.set(stage.root, stage);
  if (stage.root.closest(BOX)) stage.bar.speed.selectedIndex = SPEED;
}

/** Send a command to the stage's run and to those beside it. */
export function together(stage, command) {
  const box = stage.root.closest(BOX);
  const all = box ? [...box.querySelectorAll("[data-testid=stage]")].map((root) => stages.get(root)).filter(Boolean) : [stage];
  for (const other of all) {
    if (command.op === "speed") other.bar.speed.selectedIndex = stage.bar.speed.selectedIndex;
    if (!other.send(command)) other.late = command;
  }
}
