// Scales: round ends and ticks for an axis, and bars that say what a colour stands for.

import { short } from "../lib/format.js";

const ROUND = [1, 1.2, 1.4, 1.7, 2, 2.4, 2.8, 3.3, 4, 4.7, 5.5, 6.5, 7.5, 9, 10];
const BAR = 9;               // pixels across a colour bar

/** The round number just above, so that a scale does not breathe with every step.
 * @param {number} most */
export function steady(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9)));
  return power * (ROUND.find((factor) => factor * power >= most * (1 - 1e-9)) ?? 10);
}

/** {low, high, ticks}: the values' range widened to round numbers, about four apart.
 * @param {number} low
 * @param {number} high
 * @returns {{low: number, high: number, ticks: number[]}} */
export function axis(low, high) {
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const rough = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const pace = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const [first, last] = [Math.floor(low / pace + 1e-9), Math.ceil(high / pace - 1e-9)];
  return { low: first * pace, high: last * pace,
    ticks: Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * pace).toPrecision(6))) };
}

const css = (packed) => `rgb(${packed & 255} ${(packed >> 8) & 255} ${(packed >> 16) & 255})`;

/** A bar of a table's colours, upright or lying, with the numbers at its ends. ends: [low, high]. */
export function colorBar(context, table, { x, y, length, ends, upright, colors }) {
  const first = table === colors.diverging ? 1 : 0;
  const ramp = upright ? context.createLinearGradient(0, y + length, 0, y) : context.createLinearGradient(x, 0, x + length, 0);
  for (let stop = 0; stop <= 8; stop++) ramp.addColorStop(stop / 8, css(table[Math.round(first + (stop / 8) * (255 - first))]));
  context.fillStyle = ramp;
  context.fillRect(x, y, upright ? BAR : length, upright ? length : BAR);
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, (upright ? BAR : length) + 1, (upright ? length : BAR) + 1);
  context.fillStyle = colors.quiet;
  const [low, high] = ends.map((end) => short(end));
  if (upright) {
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText(high, x + BAR + 5, y - 1);
    context.textBaseline = "bottom";
    context.fillText(low, x + BAR + 5, y + length + 2);
    return;
  }
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillText(low, x - 5, y + BAR / 2 + 1);
  context.textAlign = "left";
  context.fillText(high, x + length + 5, y + BAR / 2 + 1);
}

/** How many words or numbers of an axis are left out between two, so that each has `room` pixels.
 * @param {number} pitch
 * @param {number} room */
export const every = (pitch, room) => Math.max(1, Math.ceil(room / pitch));

/** The numbers of an axis of places counted from one: the first, and round ones as far apart as there is room. */
export function countAlong(context, count, { x, y, pitch }) {
  const apart = [1, 2, 5, 10, 20, 50, 100].find((step) => step >= every(pitch, 30)) ?? 200;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (let i = 0; i < count; i++) if (i === 0 || (i + 1) % apart === 0) context.fillText(String(i + 1), x(i), y);
}

/** Words that hang down from an axis at y, where x(i) is the middle of the i-th; as many as there is room for. */
export function hangingWords(context, words, { x, y, pitch, letters }) {
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let i = 0; i < words.length; i += every(pitch, 12)) {
    context.save();
    context.translate(x(i), y);
    context.rotate(-Math.PI / 2);
    context.fillText(clipped(words[i], letters), 0, 0);
    context.restore();
  }
}

/** A word cut to so many letters; a space can be seen.
 * @param {string} word
 * @param {number} letters */
export const clipped = (word, letters) => (word === " " ? "␣" : word.length > letters ? `${word.slice(0, letters - 1)}…` : word);

const LETTER = 6.6;          // pixels across, about

/** How much room the longest of the words needs, each cut to so many letters.
 * @param {string[]} words
 * @param {number} letters */
export const roomFor = (words, letters) => Math.max(...words.map((word) => Math.min(word.length, letters))) * LETTER;
