// --- history: asked for when it is looked at and then once a span; never more than four figures a second old
const REFRESH = { "1h": 10e3, "24h": 60e3, "30d": 600e3 };
const EVERY = { "1h": "10 s", "24h": "minute", "30d": "hour" };
const note = one("#history-note");
const charts = all(".chart").map((figure) => new Chart(figure, given.charts[Number(figure.dataset.chart)]));
const names = [...new Set(given.charts.flatMap(({ lines }) => lines.map(({ figure }) => figure)))];
const view = one("#view");
const ranges = one("#range");
const sheet = one("#history-table");
let past = null;
let cursor = null;
let due = null;

const chosen = (fieldset) => one("input:checked", fieldset).value;
const read = (answer) => {
  const step = answer.resolution_seconds * 1000;
  const from = Date.parse(answer.from);
  const found = Object.fromEntries(answer.figures.map(({ name, points: values }) => [name, Float64Array.from(values, (value) => value ?? NaN)]));
  const count = answer.figures[0].points.length;
  const newest = answer.newest === null ? -1 : Math.round((Date.parse(answer.newest) - from) / step);
  return {
    range: answer.range, step, from, count, values: found, instance: answer.instance,
    newest: newest >= 0 ? Math.min(newest, count - 1) : null,
    text: (at) => {
      const begin = new Date(from + at * step);
      return answer.range === "1h" ? clock.format(begin) : `${day.format(begin)} ${minute.format(begin)}`;
    },
  };
};
const point = (at) => {
  cursor = at;
  for (const chart of charts) chart.point(at);
  write(note, explain(at));
};
const explain = (at) => {
  if (past.newest === null) return given.watched ? "Nothing recorded yet: the first figures come within seconds." : "Monitoring is switched off (MUSTER_MONITORING__ENABLED).";
  return at === null ? `One point every ${EVERY[past.range]}, of ${past.instance}` : `At ${past.text(at)}`;
};
const load = async () => {
  clearTimeout(due);
  const range = chosen(ranges);
  due = setTimeout(load, REFRESH[range]);
  if (paused || ended || document.hidden) return;
  let answer = null;
  try {
    const response = await fetch(`/v1/history?range=${range}&figures=${names}`);
    if (!response.ok) throw new Error(await reason(response));
    answer = await response.json();
  } catch (error) {
    write(note, `The history cannot be read: ${error.message}`);
    return;
  }
  if (answer.range !== chosen(ranges)) return; // another one was chosen meanwhile
  const before = past;
  past = read(answer);
  if (cursor !== null) cursor = moved(before);
  for (const chart of charts) chart.show(past);
  point(cursor);
  if (chosen(view) === "table") tabulate();
};
/** The cursor stays at its time while the window moves on. */
const moved = (before) => {
  if (before.range !== past.range) return null;
  const at = cursor - Math.round((past.from - before.from) / past.step);
  return at >= 0 ? at : null;
};
/** What a problem document says. */
const reason = async (response) => {
  try {
    const { title, detail = title, errors = [] } = await response.json();
    const wrong = errors.filter((each) => each.detail !== detail).map((each) => `${each.pointer.split("/").pop()}: ${each.detail}`);
    return [detail, ...wrong].join("; ");
  } catch { return `status ${response.status}`; }
};

// --- the cursor: by pointer and by keyboard, over all charts at once
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
const steered = (event) => {
  if (past === null || event.altKey || event.ctrlKey || event.metaKey) return;
  const end = past.count - 1;
  const at = cursor ?? past.newest ?? end;
  if (event.key in STEPS) point(Math.min(end, Math.max(0, at + STEPS[event.key])));
  else if (event.key === "Home") point(Math.max(0, past.values[names[0]].findIndex((value) => !Number.isNaN(value))));
  else if (event.key === "End") point(past.newest ?? end);
  else if (event.key === "Escape") point(null);
  else return;
  event.preventDefault();
};
for (const chart of charts) {
  chart.plot.addEventListener("pointermove", (event) => past && point(chart.place(event)));
  chart.plot.addEventListener("pointerdown", (event) => past && point(chart.place(event)));
  chart.plot.addEventListener("pointerleave", () => past && point(null));
  chart.plot.addEventListener("blur", () => past && point(null));
  chart.plot.addEventListener("keydown", steered);
}

// --- the same as a table, newest first; what was not recorded is one row
const tabulate = () => {
  const lines = given.charts.flatMap((chart) => chart.lines.map((line) => ({ ...line, chart })));
  const head = make("tr", {}, make("th", { scope: "col" }, "Time"), ...lines.map(({ chart, label }) =>
    make("th", { scope: "col", class: "n" }, chart.lines.length > 1 ? `${chart.title}, ${label}` : chart.title, chart.unit ? make("span", { class: "unit" }, ` ${chart.unit}`) : null)));
  const rows = [];
  let hole = null;
  const close = () => {
    if (hole !== null) rows.push(make("tr", { class: "hole" }, make("th", { scope: "row" }, hole.text), make("td", { colspan: lines.length }, `not recorded${hole.spans > 1 ? ` for ${span((hole.spans * past.step) / 1000)}` : ""}`)));
    hole = null;
  };
  for (let at = past.newest ?? -1; at >= 0; at -= 1) {
    const values = lines.map(({ figure }) => past.values[figure][at]);
    if (values.every(Number.isNaN)) {
      hole = { text: past.text(at), spans: (hole?.spans ?? 0) + 1 };
      continue;
    }
    close();
    rows.push(make("tr", {}, make("th", { scope: "row" }, past.text(at)), ...values.map((value) => make("td", { class: "n" }, number(value)))));
  }
  if (rows.length) close();
  else rows.push(make("tr", {}, make("td", { colspan: lines.length + 1 }, "Nothing recorded yet.")));
  sheet.replaceChildren(make("table", { class: "rows" }, make("thead", {}, head), make("tbody", {}, ...rows)));
};
view.addEventListener("change", () => {
  const table = chosen(view) === "table";
  one("#charts").hidden = table;
  sheet.hidden = !table;
  if (table && past !== null) tabulate();
});
ranges.addEventListener("change", () => { cursor = null; load(); });
document.addEventListener("visibilitychange", load);
load();
