"use strict";
// Chapters jump within the player, and show where it is. Without this script they are links that
// open the film at their place. Nothing plays before somebody asks for it.
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

for (const article of document.querySelectorAll("article")) {
  const video = article.querySelector("video");
  if (!video) continue;
  const chapters = [...article.querySelectorAll("[data-start]")];

  const goTo = (seconds) => {
    // A frame's time may be rounded down: a little later is surely within the chapter.
    video.currentTime = seconds + 0.01;
    if (!still.matches) video.play();
  };

  for (const chapter of chapters) {
    chapter.addEventListener("click", (event) => {
      event.preventDefault();
      const seconds = Number(chapter.dataset.start);
      if (video.readyState >= HTMLMediaElement.HAVE_METADATA) {
        goTo(seconds);
      } else {
        video.addEventListener("loadedmetadata", () => goTo(seconds), { once: true });
        video.load();
        video.preload = "metadata";
      }
    });
  }

  const showWhere = () => {
    const now = video.currentTime;
    for (const chapter of chapters) {
      const here = Number(chapter.dataset.start) <= now && now < Number(chapter.dataset.end);
      if (here) chapter.setAttribute("aria-current", "true");
      else chapter.removeAttribute("aria-current");
    }
  };
  video.addEventListener("timeupdate", showWhere);
  video.addEventListener("seeked", showWhere);

  video.addEventListener("play", () => {
    for (const other of document.querySelectorAll("video")) if (other !== video) other.pause();
  });
}
