"use strict";
const { Router } = require("../lib/router");

module.exports = new Router()
  .on("GET", "/", "admin.home")
  .on("GET|PUT", "/:section(slug)/:id", "admin.edit")
  .on("GET", "/users/:id(num)", "admin.user");
