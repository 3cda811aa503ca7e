"use strict";

module.exports = function legacy(request, settings) {
  for (const [from, to] of Object.entries(settings.legacy)) {
    if (request.path === from || request.path.startsWith(from + "/")) {
      request.path = to + request.path.slice(from.length);
    }
  }
};
