"use strict";

// what somebody typed as a quantity
function quantity(text) {
  return parseInt(text, 10) || 1;
}

// rounded to so many digits
function rounded(x, digits) {
  const f = 10 ** digits;
  return Math.round(x * f) / f;
}

// for the price label
function label(x) {
  return x.toFixed(2).replace(".", ",");
}

// the value of a field of a form; null when it is no number
function field(value) {
  const x = Number(value);
  return isNaN(x) ? null : x;
}

// which weekday (0 to 6) a day is that lies so many days after (or before) the given one
function weekday(start, days) {
  return (start + days) % 7;
}

module.exports = { quantity, rounded, label, field, weekday };
