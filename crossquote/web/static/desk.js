// The desk's keys. Pages work without this file: every key has a button or a link.
"use strict";

const LINKS = { j: "next", k: "previous", s: "skip" };

function typing(target) {
  return target.closest("input, textarea, select, dialog[open]") !== null;
}

function follow(id) {
  const link = document.getElementById(id);
  if (link) link.click();
}

function focusOn(id) {
  const place = document.getElementById(id);
  if (!place) return false;
  place.scrollIntoView({ block: "center" });
  place.focus();
  return true;
}

function listMove(key) {
  const links = [...document.querySelectorAll("ol.queue a.open")];
  const at = links.indexOf(document.activeElement);
  const to = links[at === -1 ? 0 : at + (key === "j" ? 1 : -1)];
  if (to) to.focus();
}

function act(key) {
  const decision = document.querySelector(`#judge button[data-key="${CSS.escape(key)}"]`);
  if (decision) return decision.click();
  if (key === "z") return follow("undo");
  if (key === "h") return focusOn("history");
  if (key === "c") return focusOn("comment");
  if (key === "?") return document.getElementById("keys")?.showModal();
  if (key === "/") return focusOn("q") || focusOn("search-all");
  if (key in LINKS && document.getElementById(LINKS[key])) return follow(LINKS[key]);
  if (key === "j" || key === "k") listMove(key);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest("input, textarea")) return event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  if (!"xanuszjkhc/?".includes(event.key)) return;
  event.preventDefault();
  act(event.key);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});

// A chosen filter counts at once; what is typed counts on Enter.
document.addEventListener("change", (event) => {
  if (event.target.matches("#filters select, #filters input[type=date]")) event.target.form.requestSubmit();
});

// One decision a page: a second press while the next page loads must not judge again.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// On a small screen the filters start folded.
document.addEventListener("DOMContentLoaded", () => {
  const more = document.querySelector("details.more");
  if (more && matchMedia("(max-width: 48rem)").matches) more.open = false;
});
