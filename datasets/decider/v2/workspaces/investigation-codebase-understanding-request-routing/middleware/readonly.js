"use strict";

module.exports = function readonly(request, settings) {
  if (request.method === "GET") return undefined;
  if (settings.readonly.some((p) => request.path.startsWith(p))) return { status: 503, handler: null };
  return undefined;
};
