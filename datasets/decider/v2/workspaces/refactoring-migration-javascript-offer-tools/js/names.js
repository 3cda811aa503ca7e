"use strict";

// "Crème Brûlée, 2 Stück" -> "creme-brulee-2-stuck"; at most 20 characters
function slug(title) {
  return title.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "")
    .replace(/[^\w]+/g, " ").trim()
    .split(" ").join("-").substr(0, 20).replace(/-$/, "");
}

// which of n machines a name belongs to
function bucket(name, n) {
  let hash = 7;
  for (let i = 0; i < name.length; i++) {
    hash = (hash * 31 + name.charCodeAt(i)) | 0;
  }
  return Math.abs(hash % n);
}

// a name in a column of the given width, cut with three dots
function column(name, width) {
  const text = name.trim();
  return text.length > width ? text.slice(0, width - 3) + "..." : text.padStart(width, ".");
}

// names without the ones that were there before, in the order of the machine
function unique(names) {
  return [...new Set(names)].sort();
}

module.exports = { slug, bucket, column, unique };
