// --- panels: what each part of the service tells, in tables that stay where they are
const when = (value) => (value == null ? DASH : moment(value));

// --- endpoints that were called, the busiest first; 500 and 200 ms are the report's own limits
const within = (value) => (value > 500 ? "bad" : value > 200 ? "high" : "");
const endpoints = new Table(one('[data-panel="endpoints"]'), "Endpoints", [
  { head: "Endpoint", kind: "code", value: (row) => `${row.method} ${row.route}` },
  { head: "Requests", kind: "n", value: (row) => row.count, show: (row) => number(row.count) },
  { head: "Success", kind: "n", value: (row) => row.success_rate, show: (row) => percent(row.success_rate), tone: (row) => (row.success_rate < 95 ? "bad" : row.failed ? "high" : "") },
  { head: "Refused", kind: "n", value: (row) => row.refused, show: (row) => number(row.refused) },
  { head: "Median", kind: "n", value: (row) => row.p50_ms, show: (row) => millis(row.p50_ms) },
  { head: "95 %", kind: "n", value: (row) => row.p95_ms, show: (row) => millis(row.p95_ms), tone: (row) => within(row.p95_ms) },
  { head: "99 %", kind: "n", value: (row) => row.p99_ms, show: (row) => millis(row.p99_ms) },
  { head: "Longest", kind: "n", value: (row) => row.max_ms, show: (row) => millis(row.max_ms) },
  { head: "In SQL", kind: "n", value: (row) => row.database_percent, show: (row) => percent(row.database_percent) },
], { key: (row) => `${row.method} ${row.route}`, sort: 1, empty: "Nothing has been asked for yet." });
panel("endpoints", (items) => endpoints.show(items));

// --- what is slow, and why: the findings of the performance report
const SEVERE = { critical: "bad", warning: "high", info: "soft" };
panel("findings", (items, holder) => {
  if (!items.length) holder.replaceChildren(make("p", { class: "none" }, "No endpoint is slow, fails or scatters: nothing to do."));
  else holder.replaceChildren(make("ul", { class: "findings" }, ...items.map(({ category, severity, method, route, rule, recommendation }) => make("li", {},
    make("span", { class: "badge", "data-tone": SEVERE[severity] }, humanised(category.toLowerCase())),
    make("p", {}, make("code", {}, `${method} ${route}`), make("span", { class: "fine" }, ` ${rule}`)),
    make("p", { class: "fine" }, recommendation)))));
});

// --- SQL statements, the costliest first; each opens whole, with the server's plan when it is asked for
const explained = ({ fingerprint, statement }) => {
  const holder = make("div", { class: "past" }, make("p", { class: "failed", role: "alert", hidden: true }));
  const show = (plan) => holder.replaceChildren(
    make("p", {}, `Cost ${number(plan.total_cost)}, about ${number(plan.rows)} rows. Read from end to end: ${plan.sequential_scans.join(", ") || "no table"}. Indexes: ${plan.indexes.join(", ") || "none"}.`),
    make("pre", { class: "frame", tabindex: "0" }, JSON.stringify(plan.plan, null, 2)));
  holder.prepend(make("button", { type: "button", click: () => during(holder, async () => show(await send("POST", `/v1/performance/statements/${fingerprint}/explain`))) }, "Explain"));
  return ask("SQL statement", [make("pre", { class: "frame", tabindex: "0" }, statement), holder], "Close");
};
const statements = new Table(one('[data-panel="statements"]'), "Slowest SQL statements", [
  { head: "Statement", kind: "code", value: (row) => row.statement, open: (row) => explained(row) },
  { head: "Calls", kind: "n", value: (row) => row.calls, show: (row) => number(row.calls) },
  { head: "Rows", kind: "n", value: (row) => row.rows, show: (row) => number(row.rows) },
  { head: "Mean", kind: "n", value: (row) => row.mean_ms, show: (row) => millis(row.mean_ms) },
  { head: "95 %", kind: "n", value: (row) => row.p95_ms, show: (row) => millis(row.p95_ms) },
  { head: "Longest", kind: "n", value: (row) => row.max_ms, show: (row) => millis(row.max_ms) },
  { head: "In all", kind: "n", value: (row) => row.total_ms, show: (row) => millis(row.total_ms) },
  { head: "Slow", kind: "n", value: (row) => row.slow, show: (row) => number(row.slow), tone: (row) => (row.slow ? "high" : "") },
  { head: "Errors", kind: "n", value: (row) => row.errors, show: (row) => number(row.errors), tone: (row) => (row.errors ? "bad" : "") },
], { key: (row) => row.fingerprint, sort: 6, empty: "No statement has been sent yet." });
panel("statements", (items) => statements.show(items));

// --- the pool: a bar of what may be open, and what happened since the last clean-up
const facts = (pairs) => make("dl", { class: "facts" }, ...pairs.map(([label, text, tone]) => make("div", {}, make("dt", {}, label), make("dd", { "data-tone": tone || "" }, text))));
const bar = (parts, most, label) => {
  const svg = draw("svg", { viewBox: `0 0 ${most} 1`, preserveAspectRatio: "none", class: "meter", role: "img", "aria-label": label });
  let from = 0;
  for (const [kind, width] of parts) {
    svg.append(draw("rect", { x: from, y: 0, width, height: 1, class: kind }));
    from += width;
  }
  return svg;
};
panel("pool", (pools, holder) => {
  const shown = pools.map((pool) => make("div", { class: "pool" },
    pools.length > 1 ? make("h3", {}, humanised(pool.name)) : null,
    bar([["used", pool.in_use], ["idle", pool.idle]], pool.capacity, `${pool.in_use} of ${pool.capacity} connections in use, ${pool.idle} idle`),
    make("p", { class: "fine" }, `${pool.in_use} in use, ${pool.idle} idle, ${pool.capacity} at most`),
    facts([
      ["Taken", number(pool.checkouts)],
      ["Had to wait", number(pool.waited)],
      ["Waiting now", number(pool.waiting), pool.waiting ? "high" : ""],
      ["95 % waited", millis(pool.wait_p95_ms)],
      ["Longest wait", millis(pool.wait_max_ms)],
      ["None in time", number(pool.timeouts), pool.timeouts ? "bad" : ""],
    ])));
  holder.replaceChildren(...shown);
});

// --- caches by namespace, the most asked first
const asked_ = (row) => row.hits + row.misses + row.joins;
const caches = new Table(one('[data-panel="caches"]'), "Caches", [
  { head: "Namespace", kind: "code", value: (row) => row.namespace },
  { head: "Hits", kind: "n", value: (row) => row.hit_percent, show: (row) => percent(row.hit_percent) },
  { head: "Asked", kind: "n", value: asked_, show: (row) => number(asked_(row)) },
  { head: "Entries", kind: "n", value: (row) => row.entries, show: (row) => number(row.entries) },
  { head: "Size", kind: "n", value: (row) => row.bytes, show: (row) => bytes(row.bytes) },
  { head: "Evicted", kind: "n", value: (row) => row.evictions, show: (row) => number(row.evictions) },
], { key: (row) => `${row.level} ${row.namespace}`, sort: 2, empty: "Nothing has been cached yet." });
panel("caches", (items) => caches.show(items));

// --- upstreams: when they answered last, and how far behind them our data are
const STATUS = { up: ["Up", "ok"], failing: ["Failing", "bad"], left_alone: ["Left alone", "bad"], unknown: ["Not asked yet", "soft"] };
const failed = ({ attempts, outcomes }) => attempts - (outcomes.ok ?? 0);
const upstreams = new Table(one('[data-panel="upstreams"]'), "Upstreams", [
  { head: "Upstream", value: (row) => row.name },
  { head: "State", value: (row) => row.status, show: (row) => STATUS[row.status][0], tone: (row) => STATUS[row.status][1] },
  { head: "Answered", kind: "n", value: (row) => row.last_contact_at, show: (row) => when(row.last_contact_at) },
  { head: "Behind", kind: "n", value: (row) => row.lag_seconds, show: (row) => span(row.lag_seconds) },
  { head: "Failed", kind: "n", value: failed, show: (row) => `${number(failed(row))} of ${number(row.attempts)}`, tone: (row) => (failed(row) ? "high" : "") },
], { key: (row) => row.name, sort: 0, empty: "No upstream is configured." });
panel("upstreams", ({ items }) => {
  upstreams.show(items);
  for (const item of items) upstreams.rows.get(item.name).row.title = item.breaker_reason ?? item.last_failure ?? "";
});

// --- jobs of the whole service, and what this process does for itself
const ENDS = { done: "ok", ok: "ok", partial: "high", failed: "bad", cancelled: "soft" };
const works = ({ jobs, periodic }) => [
  ...jobs.map(({ name, title, schedule, time_zone: zone, next_at: next, failures_in_a_row: row, last }) => ({ name, title, schedule: schedule && `${schedule} ${zone}`, next, row: row ?? 0, state: last?.state, at: last?.started_at, took: last?.duration_seconds, why: last?.error_detail })),
  ...periodic.filter(({ period_seconds: every }) => every > 0).map(({ name, period_seconds: every, next_at: next, failures_in_a_row: row, outcome, started_at: at, duration_seconds: took, detail }) => ({ name, title: humanised(name), schedule: `every ${span(every)}`, next, row, state: outcome, at, took, why: detail })),
];
const jobs = new Table(one('[data-panel="jobs"]'), "Jobs", [
  { head: "Job", value: (row) => row.title },
  { head: "Last", value: (row) => row.state, show: (row) => (row.state ? humanised(row.state) : "Not yet"), tone: (row) => ENDS[row.state] ?? "soft" },
  { head: "At", kind: "n", value: (row) => row.at, show: (row) => when(row.at) },
  { head: "Took", kind: "n", value: (row) => row.took, show: (row) => (row.took == null ? DASH : millis(row.took * 1000)) },
  { head: "Next", kind: "n", value: (row) => row.next, show: (row) => when(row.next) },
  { head: "Failures", kind: "n", value: (row) => row.row, show: (row) => number(row.row), tone: (row) => (row.row ? "bad" : "") },
], { key: (row) => row.name, sort: 0, empty: "No job is configured." });
jobs.down = false;
jobs.mark();
panel("jobs", (found) => {
  const items = works(found);
  jobs.show(items);
  for (const item of items) jobs.rows.get(item.name).row.title = [item.name, item.schedule, item.why].filter(Boolean).join("; ");
});
