// A map of the words: a dot for each token, with its word where there is room for it.

import { steady } from "./scale.js";
import { fixed, rounded } from "../lib/format.js";

const EDGE = 34;
const TOP = 8;
const NEAR = 4;              // neighbours named
const REACH = 14;            // pixels
const LETTER = 6.4;          // width of a letter, about
const LINE = 13;

/** Draw places (vocab, 2); returns a function from a place to the sentence about what is there. */
export function pointsMap(context, places, { view, colors, words, tokens, width, height }) {
  const count = places.length / 2;
  const side = Math.min(width - EDGE - 4, height - EDGE - TOP);
  const wide = Math.min(width - EDGE - 4, side * 1.6);
  const reach = reachOf(places, side / wide);
  const x = (i) => EDGE + wide / 2 + (places[2 * i] / reach) * (side / 2);
  const y = (i) => TOP + side / 2 - (places[2 * i + 1] / reach) * (side / 2);
  axes(context, { view, colors, side, wide, reach });
  const own = new Set(tokens.query);
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) => Number(own.has(words[j])) - Number(own.has(words[i])));
  const taken = [];
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = "11.5px system-ui, sans-serif";
  for (const i of [...order].reverse()) {
    context.fillStyle = own.has(words[i]) ? colors.positive : colors.quiet;
    context.globalAlpha = own.has(words[i]) ? 1 : 0.45;
    context.beginPath();
    context.arc(x(i), y(i), own.has(words[i]) ? 3.4 : 2, 0, 7);
    context.fill();
  }
  context.globalAlpha = 1;
  for (const i of order) {
    const word = words[i];
    if (!word) continue;
    const box = [x(i) + 5, y(i) - LINE / 2, x(i) + 5 + word.length * LETTER, y(i) + LINE / 2];
    if (box[2] > EDGE + wide || taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.strokeStyle = colors.surface;                  // so that the word can be read among the dots
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeText(word, box[0], y(i));
    context.fillStyle = own.has(word) ? colors.positive : colors.ink;
    context.fillText(word, box[0], y(i));
  }
  return (place) => {
    const distance = (i) => Math.hypot(x(i) - place.x, y(i) - place.y);
    const hit = order.reduce((best, i) => (distance(i) < distance(best) ? i : best), 0);
    if (distance(hit) > REACH) return null;
    const from = (i) => Math.hypot(places[2 * i] - places[2 * hit], places[2 * i + 1] - places[2 * hit + 1]);
    const near = order.filter((i) => i !== hit).sort((i, j) => from(i) - from(j)).slice(0, NEAR).map((i) => `“${words[i] ?? i}”`);
    return `“${words[hit] ?? hit}” (${fixed(places[2 * hit])}, ${fixed(places[2 * hit + 1])}) · near ${near.join(", ")}`;
  };
}

/** How far the map reaches upwards. */
function reachOf(places, aspect) {
  let most = 0;
  for (let i = 0; i < places.length; i += 2) most = Math.max(most, Math.abs(places[i]) * aspect, Math.abs(places[i + 1]));
  return steady(most);
}

function axes(context, { view, colors, side, wide, reach }) {
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.strokeRect(EDGE + 0.5, TOP + 0.5, wide - 1, side - 1);
  context.beginPath();
  context.moveTo(EDGE, TOP + side / 2);
  context.lineTo(EDGE + wide, TOP + side / 2);
  context.moveTo(EDGE + wide / 2, TOP);
  context.lineTo(EDGE + wide / 2, TOP + side);
  context.stroke();
  context.fillStyle = colors.quiet;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const share of [-1, 0, 1]) context.fillText(rounded(share * reach, 3), EDGE + wide / 2 + (share * side) / 2 * 0.98, TOP + side + 4);
  context.fillText(view.axes[0], EDGE + wide / 2, TOP + side + 17);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const share of [-1, 0, 1]) context.fillText(rounded(share * reach, 3), EDGE - 4, TOP + side / 2 - (share * side) / 2 * 0.96);
  context.save();
  context.translate(9, TOP + side / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(view.axes[1], 0, 0);
  context.restore();
}
