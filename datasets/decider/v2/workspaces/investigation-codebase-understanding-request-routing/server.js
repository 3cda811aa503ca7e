"use strict";
const chain = require("./lib/chain");
const router = require("./routes");
const settings = require("./settings.json");

// A middleware answers by returning an object, or changes the request and returns nothing.
const steps = settings.middleware.map((name) => require("./middleware/" + name));

function answer(request) {
  return chain(steps, request, settings) || router.find(request.method, request.path);
}

module.exports = { answer };
