// How the page writes numbers, in one place: the same thing reads the same wherever it stands.

const counted = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12,480
 * @param {number} count */
export const whole = (count) => counted.format(count);

/** A share from 0 to 1: "90.3 %".
 * @param {number} value */
export const share = (value) => `${(value * 100).toFixed(1)} %`;

/** Of how many examples a score is: "1,000 of 5,000 test examples".
 * @param {number} evaluated
 * @param {number} count
 * @param {string} split */
export const partOf = (evaluated, count, split) =>
  (count > evaluated ? `${whole(evaluated)} of ${whole(count)} ${split} examples` : `all ${whole(count)} ${split} examples`);
