// The plan grid: Enter goes down to the next visible value instead of sending the form, and leaving
// with unsaved values asks first. The page works without this file.
"use strict";

for (const form of document.querySelectorAll("[data-grid]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-down]")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("[data-down]")].filter((field) => field.offsetParent);
    const next = fields[fields.indexOf(event.target) + 1] || form.querySelector(".savebar button");
    next.focus();
    next.select?.();
  });
  let changed = form.querySelector(".is-invalid") !== null;
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = !navigator.onLine;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
