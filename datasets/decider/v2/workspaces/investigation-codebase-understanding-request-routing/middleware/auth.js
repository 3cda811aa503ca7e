"use strict";

module.exports = function auth(request) {
  if (request.path.startsWith("/admin") && !request.user) return { status: 401, handler: null };
};
