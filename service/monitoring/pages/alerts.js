// --- alerts: how every rule stands, and the rules themselves; changed rules are shown before the next event
const RANK = { firing: 0, pending: 1, unknown: 2, ok: 3 };
const STATES = { firing: "Firing", pending: "Pending", unknown: "Unknown", ok: "OK" };
const banners = one("#banners");
const alertNodes = new Map();
let rules = [];
let firing = null;

const silenced = (rule) => rule.silenced_until != null && Date.parse(rule.silenced_until) > Date.now();
const stands = (rule) => {
  if (!rule.enabled) return ["Disabled", "soft"];
  if (rule.state === "ok") return ["OK", "ok"];
  if (silenced(rule)) return ["Silenced", "soft"];
  const severe = rule.severity === "critical" ? "bad" : "high";
  return [STATES[rule.state] || rule.state, { firing: severe, pending: severe }[rule.state] || "soft"];
};
const withUnit = (value, { unit }) => `${number(value)}${unit ? ` ${unit.replace(/^1\//, "/")}` : ""}`;
const SIGNS = { ">=": "≥", "<=": "≤", "!=": "≠" };
const condition = (rule) => `${subject(rule.source)} ${SIGNS[rule.comparison] || rule.comparison} ${withUnit(rule.threshold, rule)}${rule.for_seconds ? ` for ${span(rule.for_seconds)}` : ""}`;
const details = (rule) => [
  rule.value == null ? null : `now ${withUnit(rule.value, rule)}`,
  rule.enabled ? `${rule.state} since ${moment(rule.state_since)}` : null,
  rule.severity,
  silenced(rule) ? `silenced until ${moment(rule.silenced_until)}${rule.silenced_because ? `: ${rule.silenced_because}` : ""}` : null,
  rule.flag ? `switches off ${humanised(rule.flag).toLowerCase()}` : null,
].filter(Boolean).join(" · ");

/** A rule as a row: how it stands, what it watches, and what can be done about it. */
class AlertRow {
  constructor(rule) {
    this.badge = make("span", { class: "badge" });
    this.name = make("h3");
    this.condition = make("p");
    this.details = make("p", { class: "fine" });
    this.failed = make("p", { class: "failed", role: "alert", hidden: true });
    this.deeds = ["edit", "silence", "enable", "past", "remove"].map((deed) => make("button", { type: "button", class: "small", click: () => this[deed]() }));
    this.row = make("li", { class: "alert", "data-alert": rule.id },
      make("div", { class: "state" }, this.badge),
      make("div", { class: "what" }, this.name, this.condition, this.failed),
      this.details,
      make("div", { class: "deeds" }, ...this.deeds));
    this.show(rule);
  }

  show(rule) {
    this.rule = rule;
    const [state, tone] = stands(rule);
    this.badge.dataset.tone = tone;
    write(this.badge, state);
    write(this.name, rule.name);
    write(this.condition, condition(rule));
    write(this.details, details(rule));
    if (rule.detail) this.details.title = rule.detail;
    const texts = ["Edit", silenced(rule) ? "End silence" : "Silence", rule.enabled ? "Disable" : "Enable", "History", "Delete"];
    this.deeds.forEach((button, at) => {
      write(button, texts[at]);
      button.setAttribute("aria-label", `${texts[at]}: ${rule.name}`);
    });
  }

  edit() { return editAlert(this.rule); }

  silence() {
    if (!silenced(this.rule)) return silenceAlert(this.rule);
    return this.change(() => silence(this.rule, null, ""), `${this.rule.name} is no longer silenced.`);
  }

  enable() { return this.change(() => put(this.rule, { enabled: !this.rule.enabled }), `${this.rule.name} is ${this.rule.enabled ? "disabled" : "enabled"}.`); }

  past() { return alertHistory(this.rule); }

  remove() {
    return ask(`Delete “${this.rule.name}”?`, [make("p", {}, "Its history goes with it.")], "Delete", async () => {
      await send("DELETE", `/v1/alerts/${this.rule.id}`);
      ownDeletions.add(this.rule.id);
      ownChanges.delete(this.rule.id);
      showRules(rules.filter(({ id }) => id !== this.rule.id));
      say(`${this.rule.name} is deleted.`);
      one("#new-alert").focus();
    });
  }

  async change(work, text) {
    const done = await during(this.row, async () => replaceRule(await work()));
    if (done) say(text);
  }
}
const ASKED = ["name", "source", "comparison", "threshold", "clear_at", "for_seconds", "severity", "channels", "flag", "enabled"];
/** A rule is changed as a whole, and only as it was when it was read. */
const put = (rule, values) => {
  const body = Object.fromEntries(ASKED.map((name) => [name, rule[name]]));
  return send("PUT", `/v1/alerts/${rule.id}`, { ...body, ...values }, { "If-Match": `"${rule.version}"` });
};
const silence = (rule, until, because) => send("POST", `/v1/alerts/${rule.id}/silence`, { until, because });
const replaceRule = (rule) => {
  ownChanges.set(rule.id, rule);
  showRules([...rules.filter(({ id }) => id !== rule.id), rule]);
};
/** An event may have been read before what was changed here: until one knows of it, the change is shown. */
const ownChanges = new Map();
const ownDeletions = new Set();
const upToDate = (items) => {
  const found = new Map(items.filter(({ id }) => !ownDeletions.has(id)).map((rule) => [rule.id, rule]));
  for (const [id, rule] of ownChanges) {
    const told = found.get(id);
    const older = told ? told.version < rule.version : rule.version === 1; // gone later: deleted by others
    if (older) found.set(id, rule);
    else ownChanges.delete(id);
  }
  return [...found.values()];
};

const showRules = (items) => {
  rules = items;
  const holder = one('[data-panel="alerts"]');
  const ids = new Set(items.map(({ id }) => id));
  for (const id of alertNodes.keys()) if (!ids.has(id)) alertNodes.delete(id);
  for (const rule of items) {
    if (alertNodes.has(rule.id)) alertNodes.get(rule.id).show(rule);
    else alertNodes.set(rule.id, new AlertRow(rule));
  }
  banner();
  if (!items.length) {
    holder.replaceChildren(make("p", { class: "none" }, "No alert is configured. One that watches the answer times or the age of the data tells you before people do."));
    return;
  }
  let list = one("ul", holder);
  if (!list) holder.replaceChildren(list = make("ul", { class: "alerts" }));
  const rank = (rule) => (rule.enabled ? RANK[rule.state] ?? 2 : 4);
  const sorted = [...items].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
  const nodes = sorted.map(({ id }) => alertNodes.get(id).row);
  if (nodes.length === list.children.length && (list.matches(":hover, :focus-within") || nodes.every((node, at) => list.children[at] === node))) return;
  list.replaceChildren(...nodes);
};
/** What fires stands at the top of the page, and is told once. */
const banner = () => {
  const now = rules.filter((rule) => rule.enabled && rule.state === "firing" && !silenced(rule));
  const key = now.map(({ id }) => id).sort().join();
  if (key === firing) return;
  if (firing !== null || now.length) say(now.length ? `Firing: ${now.map(({ name }) => name).join(", ")}` : "No alert is firing any more.");
  firing = key;
  banners.replaceChildren(...now.map((rule) => make("p", { class: rule.severity === "critical" ? "trouble" : "trouble high" },
    make("strong", {}, `${rule.severity === "critical" ? "Critical" : "Alert"}: `), make("a", { href: "#alerts" }, rule.name), ` · ${condition(rule)}, since ${moment(rule.state_since)}`)));
};
panel("alerts", ({ items }) => showRules(upToDate(items)));
