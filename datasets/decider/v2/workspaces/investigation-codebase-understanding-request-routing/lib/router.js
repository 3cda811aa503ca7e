"use strict";
const { segments } = require("./paths");

const KINDS = {
  num: /^[0-9]+$/,
  slug: /^[a-z][a-z0-9-]*$/,
  any: /^.+$/,
};

class Router {
  constructor() {
    this.routes = [];
  }

  on(methods, pattern, handler) {
    for (const method of methods.split("|")) {
      this.routes.push({ method, parts: segments(pattern), handler });
    }
    return this;
  }

  mount(prefix, other) {
    for (const r of other.routes) {
      this.routes.push({ ...r, parts: [...segments(prefix), ...r.parts] });
    }
    return this;
  }

  find(method, path) {
    const wanted = segments(path);
    const fits = this.routes
      .map((r, position) => ({ ...r, position, score: fit(r.parts, wanted) }))
      .filter((r) => r.score >= 0)
      .sort((a, b) => b.score - a.score || b.position - a.position);
    if (fits.length === 0) return { status: 404, handler: null };
    const best = fits.filter((r) => r.score === fits[0].score);
    const hit =
      best.find((r) => r.method === method) ||
      (method === "HEAD" && best.find((r) => r.method === "GET"));
    return hit ? { status: 200, handler: hit.handler } : { status: 405, handler: null };
  }
}

function fit(parts, wanted) {
  const open = parts[parts.length - 1] === "*";
  if (open ? wanted.length < parts.length : wanted.length !== parts.length) return -1;
  let score = 0;
  for (let i = 0; i < parts.length && parts[i] !== "*"; i += 1) {
    const typed = /^:\w+(?:\((\w+)\))?$/.exec(parts[i]);
    if (typed) {
      const kind = typed[1] || "any";
      if (!KINDS[kind].test(wanted[i])) return -1;
      score += kind === "any" ? 1 : 2;
    } else if (parts[i] === wanted[i]) score += 4;
    else return -1;
  }
  return score;
}

module.exports = { Router };
