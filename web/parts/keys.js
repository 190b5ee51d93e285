// What a key means on a page with a run: nothing where a field or a button has keys of its own.

const FIELDS = "input, textarea, select, [contenteditable], [role=slider], [role=tab], [role=menuitem], [role=radio]";
const KEYS = { " ": "play", "?": "help", ArrowRight: "step", ArrowLeft: "back", Home: "rewind" };

/** "play", "help", "step", "back", "rewind", "undo", "redo", or undefined.
 * @param {any} event
 * @returns {string | undefined} */
export function meaning(event) {
  const own = event.key.startsWith("Arrow") ? FIELDS : `${FIELDS}, button`;
  if (event.target.closest?.(own)) return undefined;
  if (event.ctrlKey || event.metaKey) {
    const letter = event.key.toLowerCase();
    return letter === "y" || (letter === "z" && event.shiftKey) ? "redo" : letter === "z" ? "undo" : undefined;
  }
  return event.altKey || document.querySelector("[role=dialog]") ? undefined : KEYS[event.key];
}
