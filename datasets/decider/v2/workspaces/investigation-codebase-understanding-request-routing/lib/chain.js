"use strict";

module.exports = function chain(steps, request, settings) {
  for (const step of steps) {
    const done = step(request, settings);
    if (done) return done;
  }
  return null;
};
