"use strict";
const { segments } = require("../lib/paths");

module.exports = function locale(request, settings) {
  const [first, ...rest] = segments(request.path);
  if (settings.languages.includes(first)) {
    request.language = first;
    request.path = "/" + rest.join("/");
  }
};
