"use strict";
const { Router } = require("../lib/router");

module.exports = new Router()
  .on("GET", "/items", "items.list")
  .on("POST", "/items", "items.create")
  .on("GET", "/items/:id", "items.byCode")
  .on("GET|DELETE", "/items/:id(num)", "items.byNumber")
  .on("GET", "/items/:name(slug)", "items.byName")
  .on("GET", "/items/new", "items.form")
  .on("GET", "/items/:ean(num)", "items.byEan")
  .on("GET|POST", "/orders/:id(num)", "orders.one")
  .on("GET", "/orders/*", "orders.search");
