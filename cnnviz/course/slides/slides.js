"use strict";
// Each beat is a slide of its own: reveal.js plays its clip when it is reached, and the clip ends
// with the beat. Who wants less motion plays it with its controls.
const deck = document.querySelector(".reveal");
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
if (still) {
  for (const video of deck.querySelectorAll("video")) video.controls = true;
}
Reveal.initialize({
  width: Number(deck.dataset.width),
  height: Number(deck.dataset.height),
  margin: 0,
  center: true,
  hash: true,
  controlsLayout: "edges",
  transition: "none",
  autoPlayMedia: still ? false : null,
});
