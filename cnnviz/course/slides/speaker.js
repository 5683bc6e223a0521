"use strict";
// S opens the speaker's window: what is said and seen, the next slide, and how long it has been.
// It is written from here, so that it works from a disk and loads nothing; its keys turn the slides.
const speaker = { window: null, start: 0 };

function makePart(page, name, style) {
  const part = page.createElement(name);
  Object.assign(part.style, style);
  page.body.append(part);
  return part;
}

function openSpeakerView() {
  const view = window.open("", "speaker", "popup,width=960,height=720");
  if (!view) return;
  const page = view.document;
  page.title = document.title;
  page.documentElement.lang = document.documentElement.lang;
  page.body.replaceChildren();
  const colours = getComputedStyle(document.documentElement);
  Object.assign(page.body.style, {
    margin: "2rem",
    font: '1.4rem/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif',
    background: colours.getPropertyValue("--ground"),
    color: colours.getPropertyValue("--text"),
  });
  speaker.window = view;
  speaker.start ||= Date.now();
  speaker.place = makePart(page, "p", { margin: "0", fontVariantNumeric: "tabular-nums" });
  speaker.title = makePart(page, "h1", { margin: "0.5rem 0", fontSize: "2rem" });
  speaker.notes = makePart(page, "div", { whiteSpace: "pre-line" });
  speaker.notes.setAttribute("aria-live", "polite");
  speaker.next = makePart(page, "h2", { margin: "1.5rem 0 0.5rem", fontSize: "1.2rem" });
  speaker.picture = makePart(page, "img", { width: "20rem", maxWidth: "100%" });
  speaker.picture.alt = "";
  view.onkeydown = turnSlides;
  showNotes();
  showTime();
}

function turnSlides(event) {
  if (["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key)) Reveal.next();
  else if (["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) Reveal.prev();
  else return;
  event.preventDefault();
}

function headingOf(slide) {
  return slide?.querySelector("h1, h2, h3")?.textContent ?? "";
}

function showNotes() {
  if (!speaker.window || speaker.window.closed) return;
  const slides = Reveal.getSlides();
  const here = slides.indexOf(Reveal.getCurrentSlide());
  speaker.title.textContent = headingOf(slides[here]);
  speaker.notes.textContent = slides[here].querySelector("aside.notes")?.textContent ?? "";
  const next = slides[here + 1];
  speaker.next.textContent = next ? `→ ${headingOf(next)}` : "";
  const poster = next?.querySelector("video")?.poster;
  speaker.picture.hidden = !poster;
  if (poster) speaker.picture.src = poster;
  speaker.count = `${here + 1} / ${slides.length}`;
  showTime();
}

function showTime() {
  if (!speaker.window || speaker.window.closed) return;
  const seconds = Math.floor((Date.now() - speaker.start) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  speaker.place.textContent = `${speaker.count} · ${clock}`;
}

Reveal.on("slidechanged", showNotes);
Reveal.addKeyBinding({ keyCode: 83, key: "S", description: "Speaker's window" }, openSpeakerView);
setInterval(showTime, 1000);
