"use strict";
const { Router } = require("../lib/router");

module.exports = new Router()
  .on("GET", "/*", "pages.cms")
  .mount("/shop", require("./shop"))
  .mount("/admin", require("./admin"))
  .on("GET", "/:page(slug)", "pages.landing")
  .on("GET", "/shop/:topic(slug)/:id(num)", "pages.topic");
