"use strict";

exports.segments = (path) => path.split("/").filter((s) => s !== "");
