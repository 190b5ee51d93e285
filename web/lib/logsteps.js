// Steps on a logarithmic axis: where each one stands, which ones are labelled, and which rows of many are drawn.

const ZERO = 0.5;         // step 0, which has no logarithm, stands where half a step would
const FEW = 2.2;          // powers of ten within which 2 and 5 are labelled, too,
const CLOSE = 0.6;        // and within which they would be too few

/** The place of a step: the logarithm to base 10.
 * @param {number} step */
export const spot = (step) => Math.log10(Math.max(step, ZERO));

/** A step as it is drawn on an axis of Plotly's.
 * @param {number} step */
export const shown = (step) => Math.max(step, ZERO);

/** A number of steps in few characters: 20, 1k, 2.5M.
 * @param {number} step */
export function brief(step) {
  const [size, unit] = step >= 1e6 ? [1e6, "M"] : step >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((step / size).toPrecision(4))}${unit}`;
}

/** The steps that are labelled between two places.
 * @param {number} low
 * @param {number} high
 * @returns {number[]} */
export function ticks(low, high) {
  const inside = (step) => spot(step) >= low - 1e-9 && spot(step) <= high + 1e-9;
  const found = [];
  if (high - low < CLOSE) {
    const pitch = roundUp((10 ** high - 10 ** low) / 4);
    for (let step = Math.ceil(10 ** low / pitch - 1e-9) * pitch; step <= 10 ** high + 1e-6; step += pitch) found.push(step);
  } else {
    const factors = high - low < FEW ? [1, 2, 5] : [1];
    for (let power = 1; power <= 10 ** high; power *= 10) found.push(...factors.map((factor) => factor * power));
  }
  return [0, ...found.filter((step) => step > 0)].filter(inside);
}

/** The next of 1, 2, 5, 10, 20 … */
function roundUp(value) {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(value)));
  return power * ([1, 2, 5].find((factor) => factor * power >= value) ?? 10);
}

/** Which rows, at most `most`, stand for all: evenly in number or, if `log`, in the logarithm of their steps. The first
 * and the last are among them.
 * @param {number[]} steps
 * @param {number} most
 * @param {boolean} log
 * @returns {number[]} */
export function chosen(steps, most, log) {
  if (steps.length <= most) return steps.map((_, i) => i);
  const last = steps.length - 1;
  const share = (i) => i / (most - 1);
  if (!log) return Array.from({ length: most }, (_, i) => Math.round(share(i) * last));
  const found = [];
  const [from, to] = [spot(steps[0]), spot(steps[last])];
  for (let i = 0, at = 0; i < most; i++) {
    const target = from + share(i) * (to - from);
    while (at < last && Math.abs(spot(steps[at + 1]) - target) <= Math.abs(spot(steps[at]) - target)) at += 1;
    if (found.at(-1) !== at) found.push(at);
  }
  return found;
}
