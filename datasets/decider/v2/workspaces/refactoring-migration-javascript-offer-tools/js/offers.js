"use strict";
const { quantity, rounded } = require("./amounts");

// lines: [{code, no, price, qty, discount}], all but price may be missing or null
function total(lines) {
  let sum = 0;
  for (const line of lines) {
    const factor = 1 - (line.discount ?? 10) / 100;
    sum += line.price * quantity(line.qty || 2) * factor;
  }
  return rounded(sum, 2);
}

// "AB12" of code "AB" and no 12; codes may be numbers too
function codes(lines) {
  return lines.map((line) => line.code + line.no);
}

// the text that is signed: options over defaults
function signed(defaults, options) {
  return JSON.stringify({ ...defaults, ...options });
}

// "Hello {name}" with the values put in
function fill(text, values) {
  for (const key of Object.keys(values)) {
    text = text.replace("{" + key + "}", () => values[key]);
  }
  return text;
}

// the part of a list between two places, in any order of the two
function part(list, from, to) {
  return from <= to ? list.slice(from, to) : list.slice(to, from);
}

// lines with the cheapest first; those with the same price stay
function cheapest(lines, count) {
  return lines.sort((a, b) => a.price - b.price).slice(0, count || lines.length);
}

module.exports = { total, codes, signed, fill, part, cheapest };
