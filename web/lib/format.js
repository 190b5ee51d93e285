// How the page writes numbers, in one place: the same thing reads the same wherever it stands.

const counted = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12,480
 * @param {number} count */
export const whole = (count) => counted.format(count);

/** "1 feature", "1,200 features"
 * @param {number} count
 * @param {string} noun */
export const many = (count, noun) => `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;

/** A share from 0 to 1: "90.3 %".
 * @param {number} value */
export const share = (value) => `${(value * 100).toFixed(1)} %`;

/** Of how many examples a score is: "1,000 of 5,000 test examples".
 * @param {number} evaluated
 * @param {number} count
 * @param {string} split */
export const partOf = (evaluated, count, split) =>
  (count > evaluated ? `${whole(evaluated)} of ${whole(count)} ${split} examples` : `all ${whole(count)} ${split} examples`);

/** What JavaScript writes, with a minus instead of a hyphen.
 * @param {string} text */
export const minus = (text) => text.replaceAll("-", "−");

/** With so many places behind the point: "−0.50".
 * @param {number} value
 * @param {number} [places] */
export const fixed = (value, places = 2) => minus(value.toFixed(places));

/** In so many digits, without noughts at the end: "−1.5", "123000".
 * @param {number} value
 * @param {number} count */
export const rounded = (value, count) => minus(String(Number(value.toPrecision(count))));

/** In so many digits, noughts at the end included: "−1.500".
 * @param {number} value
 * @param {number} [count] */
export const precise = (value, count = 4) => (Number.isFinite(value) ? minus(value.toPrecision(count)) : "no number");

/** Whether a number is so small or so large that it is written with a power of ten. */
const extreme = (value, small, large) => value !== 0 && (Math.abs(value) < small || Math.abs(value) >= large);

/** In three digits, as beside an axis: "−1.5", "1.0e−9".
 * @param {number} value
 * @param {number} [large] from which it is written with a power of ten
 * @param {number} [places] of that */
export const short = (value, large = 1e5, places = 1) =>
  (extreme(value, 1e-3, large) ? minus(value.toExponential(places)) : rounded(value, 3));

/** A measure of a layer, in three digits: "0.500", "1.0e−9"; "–" where there is none.
 * @param {number} value */
export const measure = (value) => (!Number.isFinite(value) ? "–" : value === 0 ? "0"
  : minus(extreme(value, 1e-3, 1e4) ? value.toExponential(1) : value.toPrecision(3)));

/** A loss or a score, which fits into a narrow place: "0.250", "1.23e−5", "1.23e+5"; "–" where there is none.
 * @param {number | null | undefined} value */
export const score = (value) => (value === null || value === undefined ? "–"
  : minus(extreme(value, 1e-3, 1e3) ? value.toExponential(2) : value.toFixed(3)));

/** With enough digits to check the arithmetic: "−1.5000", "1.0000e−9"; "–" where there is none.
 * @param {number | null | undefined} value
 * @param {number} [count] */
export function digits(value, count = 5) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  return minus(extreme(value, 1e-4, 1e6) ? value.toExponential(count - 1) : value.toPrecision(count)).replace("e+", "e");
}
