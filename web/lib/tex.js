// Short formulas: the little LaTeX that layers, losses and activations write, as elements.

import { h } from "./dom.js";

const SIGNS = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", mu: "μ", sigma: "σ", pi: "π", sum: "Σ", odot: "⊙", cdot: "·",
  max: "max ", ln: "ln ", tanh: "tanh", ldots: "…", quad: "\u2003", ",": "\u2009", "|": "‖",
};
const SHARES = { "1/2": "½" };

/** A span that shows a formula.
 * @param {string} source */
export function tex(source) {
  return h("span", { class: "ll-formula" }, ...read({ source, at: 0 }));
}

/** Nodes up to the end, or to the bracket that closes this group. */
function read(state) {
  const nodes = [];
  while (state.at < state.source.length && state.source[state.at] !== "}") nodes.push(...one(state));
  return nodes;
}

/** The nodes of one argument: a group in brackets, or the next sign alone. */
function argument(state) {
  while (state.source[state.at] === " ") state.at += 1;
  if (state.source[state.at] !== "{") return one(state);
  state.at += 1;
  const nodes = read(state);
  state.at += 1;
  return nodes;
}

function one(state) {
  const sign = state.source[state.at];
  state.at += 1;
  if (sign === "\\") return command(state);
  if (sign === "{") { state.at -= 1; return argument(state); }
  if (sign === "_" || sign === "^") return [h(sign === "_" ? "sub" : "sup", {}, ...argument(state))];
  return [/[a-zA-Z]/.test(sign) ? h("i", {}, sign) : sign === "-" ? "−" : sign];
}

function command(state) {
  const name = /^([a-zA-Z]+|.)/.exec(state.source.slice(state.at))?.[0] ?? "";
  state.at += name.length;
  if (name === "text" || name === "mathrm") return [words(state)];
  if (name === "sqrt") return ["√", h("span", { class: "ll-root" }, ...argument(state))];
  if (name.endsWith("frac")) {
    const parts = [argument(state), argument(state)].map((nodes) => h("span", {}, ...nodes));
    const share = SHARES[parts.map((part) => part.textContent).join("/")];
    return share ? [share] : [parts[0], "/", parts[1]];
  }
  return [SIGNS[name] ?? name];
}

/** What stands in \text{...}, letter by letter as it is. */
function words(state) {
  const end = state.source.indexOf("}", state.at);
  const text = state.source.slice(state.at + 1, end);
  state.at = end + 1;
  return text;
}
