// Slides of the meeting room: arrow keys, and the whole screen. Without this file the page is read by scrolling.
"use strict";
const slides = [...document.querySelectorAll(".slide")];
const NEXT = new Set(["ArrowRight", "PageDown", " "]);
const BACK = new Set(["ArrowLeft", "PageUp"]);

function now() {
  const middle = window.innerHeight / 2;
  const place = slides.findIndex((one) => one.getBoundingClientRect().bottom > middle);
  return place < 0 ? slides.length - 1 : place;
}

function show(place) {
  const slide = slides[Math.max(0, Math.min(place, slides.length - 1))];
  slide.scrollIntoView();
  history.replaceState(null, "", `#${slide.id}`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, button")) return;
  let place = -1;
  if (NEXT.has(event.key)) place = now() + 1;
  else if (BACK.has(event.key)) place = now() - 1;
  else if (event.key === "Home") place = 0;
  else if (event.key === "End") place = slides.length - 1;
  else return;
  event.preventDefault();
  show(Math.max(place, 0));
});
document.querySelector("[data-hint]").hidden = false;
const full = document.querySelector("[data-fullscreen]");
if (document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", async () => {
    const place = now();
    await document.documentElement.requestFullscreen();
    full.blur();
    show(place);
  });
}
