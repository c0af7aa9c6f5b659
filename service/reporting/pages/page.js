"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const panel = document.getElementById("panel");
  const target = document.getElementById("explanation");
  const count = document.getElementById("count");

  // --- sorting: absent values last in both directions, equal ones keep their order
  const seconds = (text) => {
    const parts = text.replace("-", "").split(":").map(Number);
    const sum = parts.reduce((all, part) => all * 60 + part, 0);
    return text.startsWith("-") ? -sum : sum;
  };
  const readers = {
    number: Number,
    pounds: Number,
    duration: seconds,
    instant: (text) => Date.parse(text.replace(" ", "T").replace(" ", "")),
  };
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, undefined, { numeric: true }) : a - b);
  const sortBy = (place) => {
    const head = heads[place];
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of heads) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const read = readers[head.dataset.k] || String;
    const keyed = rows.map((row, at) => {
      const text = row.cells[place].textContent;
      return { row, at, absent: text === "–" || text === "", key: read(text) };
    });
    keyed.sort((a, b) => {
      if (a.absent || b.absent) return a.absent - b.absent || a.at - b.at;
      const order = compare(a.key, b.key);
      return (down ? -order : order) || a.at - b.at;
    });
    body.append(...keyed.map((entry) => entry.row));
  };
  heads.forEach((head, place) => head.firstElementChild.addEventListener("click", () => sortBy(place)));

  // --- filtering: every word must occur in the row, and what is chosen must be what its cell says
  const filter = document.getElementById("filter");
  const choices = [...document.querySelectorAll(".filter select")];
  const narrow = () => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const picked = choices.filter((choice) => choice.value);
    const places = picked.map((choice) => heads.findIndex((head) => head.dataset.key === choice.dataset.key));
    let left = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const said = picked.every((choice, at) => row.cells[places[at]].textContent === choice.value);
      row.hidden = !(said && wanted.every((word) => text.includes(word)));
      left += row.hidden ? 0 : 1;
    }
    const all = `${rows.length} ${count.dataset.rows}`;
    const by = [...wanted, ...picked.map((choice) => choice.value)].join(", ");
    count.textContent = by ? `${left} / ${all} ${count.dataset.shown}: ${by}` : all;
  };
  for (const given of [filter, ...choices]) given.addEventListener("input", narrow);

  // --- explanations
  const base = table.dataset.explain;
  if (base === undefined) return;
  const explains = (cell) => cell.tagName === "TD" && heads[cell.cellIndex]?.dataset.f !== undefined;
  let chosen = null;
  let under_way = null;
  let reached = null;

  const question = (cell) => {
    const asked = new URLSearchParams(table.dataset.all);
    for (const part of [cell.parentElement.dataset.q || "", heads[cell.cellIndex].dataset.f]) {
      for (const [name, value] of new URLSearchParams(part)) asked.set(name, value);
    }
    asked.set("format", "fragment");
    asked.set("locale", document.documentElement.lang);
    return `${base}?${asked}`;
  };
  const trouble = (text) => {
    const line = document.createElement("p");
    line.className = "trouble";
    line.textContent = text;
    target.replaceChildren(line);
  };
  const load = async (cell) => {
    if (under_way) under_way.abort();
    const mine = (under_way = new AbortController());
    target.textContent = panel.dataset.loading;
    try {
      const answer = await fetch(question(cell), { signal: mine.signal, credentials: "same-origin" });
      if (answer.ok) target.innerHTML = await answer.text(); // escaped by the server, inline code barred by the policy
      else trouble(`${panel.dataset.failed}: ${(await answer.json()).detail}`);
    } catch (error) {
      if (error.name !== "AbortError") trouble(location.protocol === "file:" ? panel.dataset.offline : panel.dataset.failed);
    }
  };
  const open = (cell) => {
    if (chosen) chosen.classList.remove("chosen");
    chosen = cell;
    cell.classList.add("chosen");
    panel.hidden = false;
    document.body.classList.add("open");
    panel.scrollTop = 0;
    if (matchMedia("(max-width: 40rem)").matches) cell.scrollIntoView({ block: "start", inline: "nearest" });
    load(cell);
  };
  const close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("open");
    if (chosen) {
      chosen.classList.remove("chosen");
      chosen.focus();
    }
  };
  const reach = (cell) => {
    if (reached) reached.removeAttribute("tabindex");
    reached = cell;
    cell.tabIndex = 0;
  };

  body.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (!cell || !explains(cell) || String(getSelection())) return;
    reach(cell);
    cell.focus();
    open(cell);
  });
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  body.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(cell);
      return;
    }
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = [...body.rows].filter((row) => !row.hidden);
    let place = cell.cellIndex + step[1];
    while (heads[place] && place > 0 && heads[place].dataset.f === undefined) place += step[1];
    const row = shown[shown.indexOf(cell.parentElement) + step[0]];
    const next = row && row.cells[place];
    if (next && explains(next)) {
      reach(next);
      next.focus();
    }
  });
  document.getElementById("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  // One cell can be reached by Tab, the arrow keys go on from there.
  const first = rows.length ? [...rows[0].cells].find(explains) : undefined;
  if (first) reach(first);
  body.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td");
    if (cell && explains(cell)) cell.classList.add("why");
  });
})();
