import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { digits, fixed, many, measure, minus, partOf, precise, rounded, score, share, short, whole } from "../lib/format.js";

const EDGES = [0, -0, 1e-9, -1e-9, 123456, -1.5, NaN];

/** What a formatter makes of the edges, as a line. */
const line = (format, edges = EDGES) => edges.map((value) => format(value)).join(" ");

test("counts have commas", () => {
  assert.equal(line(whole, [0, 999, 12480, 1234567]), "0 999 12,480 1,234,567");
  assert.equal(whole(1234.4), "1,234");
});

test("a share is a per cent with one place", () => {
  assert.equal(line(share, [0, 0.9034, 1]), "0.0 % 90.3 % 100.0 %");
});

test("of a part of the examples it is said how many there are", () => {
  assert.equal(partOf(1000, 5000, "test"), "1,000 of 5,000 test examples");
  assert.equal(partOf(1000, 1000, "training"), "all 1,000 training examples");
});

test("a minus is a minus, before a number and in a power of ten", () => {
  assert.equal(minus("-1.5e-9"), "−1.5e−9");
  assert.equal(minus("1.5e+9"), "1.5e+9");
});

test("with places behind the point", () => {
  assert.equal(line(fixed), "0.00 0.00 0.00 −0.00 123456.00 −1.50 NaN");
  assert.equal(fixed(-0.12345, 3), "−0.123");
});

test("in a number of digits, without noughts at the end", () => {
  assert.equal(line((value) => rounded(value, 4)), "0 0 1e−9 −1e−9 123500 −1.5 NaN");
  assert.equal(rounded(-0.123456, 2), "−0.12");
});

test("in a number of digits, noughts at the end included", () => {
  assert.equal(line(precise), "0.000 0.000 1.000e−9 −1.000e−9 1.235e+5 −1.500 no number");
  assert.equal(precise(Infinity), "no number");
  assert.equal(precise(2, 2), "2.0");
});

test("beside an axis: three digits, the very small and the very large with a power of ten", () => {
  assert.equal(line((value) => short(value)), "0 0 1.0e−9 −1.0e−9 1.2e+5 −1.5 NaN");
  assert.equal(line((value) => short(value), [0.001, 0.000999, 99999, 12345]), "0.001 1.0e−3 100000 12300");
  assert.equal(short(12345, 1e4, 2), "1.23e+4");
});

test("of a layer: three digits, and a dash where nothing was measured", () => {
  assert.equal(line(measure), "0 0 1.0e−9 −1.0e−9 1.2e+5 −1.50 –");
  assert.equal(line(measure, [0.5, 0.001, 0.0009, 9999, 10000, Infinity]), "0.500 0.00100 9.0e−4 1.00e+4 1.0e+4 –");
});

test("in the bar: three places, and a dash where nothing was scored", () => {
  assert.equal(line(score), "0.000 0.000 1.00e−9 −1.00e−9 1.23e+5 −1.500 NaN");
  assert.equal(line(score, [null, undefined, 0.001, 0.000999, 999.9994, 1000]), "– – 0.001 9.99e−4 999.999 1.00e+3");
});

test("with enough digits to check the arithmetic", () => {
  assert.equal(line((value) => digits(value)), "0 0 1.0000e−9 −1.0000e−9 1.2346e5 −1.5000 NaN");
  assert.equal(line((value) => digits(value), [null, undefined, 0.0001, 0.00009]), "– – 0.00010000 9.0000e−5");
  assert.equal(digits(1 / 3, 7), "0.3333333");
  assert.equal(digits(2e6, 3), "2.00e6");
});

test("a count has the number of its noun, and its commas", () => {
  assert.equal([0, 1, 2, 400000].map((count) => many(count, "parameter")).join(), "0 parameters,1 parameter,2 parameters,400,000 parameters");
});

test("is the only place that writes numbers for people", () => {
  const web = new URL("..", import.meta.url);
  const files = readdirSync(web, { recursive: true }).map(String)
    .filter((name) => name.endsWith(".js") && !/node_modules|tests[\\/]|lib[\\/]format/.test(name));
  const raw = files.flatMap((name) => readFileSync(new URL(name, web), "utf8").split("\n").map((line) => `${name}: ${line.trim()}`))
    .filter((line) => /\.to(Fixed|Precision|Exponential)\(/.test(line) && !/Number\(|minus\(|width/.test(line));
  assert.ok(files.length > 50);
  assert.deepEqual(raw, []);
});
