"use strict";
const { slug } = require("./names");
const { total } = require("./offers");

console.log(slug("Crème Brûlée, 2 Stück"), total([{ price: 2.5, qty: "3", discount: 0 }]));
