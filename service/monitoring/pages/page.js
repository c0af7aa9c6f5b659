"use strict";
// One module of several files, in the order that pages/__init__.py names.
const given = JSON.parse(document.getElementById("given").textContent);
const one = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

/** An element: `make("td", {class: "n"}, "text", node)`; functions become listeners, absent values nothing. */
const make = (tag, given = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
};
const draw = (tag, given = {}) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, value);
  return node;
};
/** Text is written only where it differs: what does not change is not drawn or read out again. */
const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// --- words for values; the absent one is a dash
const DASH = "–";
const digits = new Map();
const formatted = (value, places) => {
  if (!digits.has(places)) digits.set(places, new Intl.NumberFormat("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places }));
  return digits.get(places).format(value).replaceAll(",", "\u2009");
};
/** Three figures that count: 1 234, 12.3, 1.23. */
const number = (value) => {
  if (value == null || Number.isNaN(value)) return DASH;
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 99.95) return formatted(value, 0);
  return formatted(value, size >= 9.995 ? 1 : 2);
};
const SIZES = [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10], ["B", 1]];
const bytes = (value) => {
  if (value == null) return DASH;
  const [unit, size] = SIZES.find(([, least]) => value >= least) || SIZES[3];
  return `${number(value / size)} ${unit}`;
};
/** One digit, but never 100 % of what is not all. */
const percent = (value) => (value == null ? DASH : `${value > 99.9 && value < 100 ? formatted(Math.min(value, 99.99), 2) : formatted(value, value === 100 || value === 0 ? 0 : 1)} %`);
const SPANS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
/** 42 s, 3 min 5 s, 2 h 10 min, 4 d 3 h: the two largest units. */
const span = (seconds) => {
  if (seconds == null) return DASH;
  const whole = Math.max(0, Math.round(seconds));
  const at = SPANS.findIndex(([, size]) => whole >= size);
  if (at < 0 || at === 3) return `${whole} s`;
  const [[large, size], [small, less]] = [SPANS[at], SPANS[at + 1]];
  const rest = Math.floor((whole % size) / less);
  return `${Math.floor(whole / size)} ${large}${rest ? ` ${rest} ${small}` : ""}`;
};
/** Milliseconds as people read them: 0.82 ms, 340 ms, 1.20 s. */
const millis = (value) => (value == null ? DASH : value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const moment = (value) => {
  const at = new Date(value);
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : `${day.format(at)} ${minute.format(at)}`;
};
const since = (value) => (value == null ? DASH : `${span((Date.now() - Date.parse(value)) / 1000)} ago`);

// --- what a screen reader is told: only what changed for good, never the figures
const spoken = one("#spoken");
const say = (text) => write(spoken, text);

// --- colours: the system's unless chosen here; theme.js in the head has set them before the first paint
const root = document.documentElement;
const themes = one("#theme");
one(`[value="${root.dataset.theme || "auto"}"]`, themes).checked = true;
themes.addEventListener("change", (event) => {
  root.dataset.theme = event.target.value;
  try { localStorage.setItem("muster.theme", event.target.value); } catch { /* it holds until the page is left */ }
});
write(one("#zone"), Intl.DateTimeFormat().resolvedOptions().timeZone);
