// What there is to know about the data, behind a small button that says how many sentences there are.

import { h } from "../lib/dom.js";

/** A button and the list that it opens: while it is pointed at, has the focus, or was clicked.
 * @param {string[]} notes
 * @returns {HTMLElement | null} */
export function notesBadge(notes) {
  if (!notes.length) return null;
  const list = h("ul", { class: "ll-notes-list", id: "ll-notes-list" }, ...notes.map((note) => h("li", {}, note)));
  const box = h("div", { class: "ll-notes", onkeydown: (event) => { if (event.key === "Escape") open(false); },
    onfocusout: (event) => { if (!box.contains(event.relatedTarget)) open(false); } });
  const button = h("button", { type: "button", class: "ll-notes-button", "aria-expanded": "false", "aria-controls": list.id,
    onclick: () => open(!box.classList.contains("ll-open")) }, `${notes.length} ${notes.length > 1 ? "notes" : "note"}`);
  const open = (on) => {
    box.classList.toggle("ll-open", on);
    button.setAttribute("aria-expanded", String(on));
  };
  box.append(button, list);
  return box;
}
