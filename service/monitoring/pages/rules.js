// --- the forms of alerts: a rule, its silence, its history
const COMPARISONS = [[">", "above"], [">=", "at or above"], ["<", "below"], ["<=", "at or below"], ["=", "equal to"], ["!=", "other than"]];
const SEVERITIES = [["info", "Info"], ["warning", "Warning"], ["critical", "Critical"]];
const FRESH_RULE = { name: "", source: { kind: "figure" }, comparison: ">", threshold: "", clear_at: null, for_seconds: 60, severity: "warning", channels: [], flag: null, enabled: true };
const optional = (input) => (input.value.trim() === "" ? null : input.valueAsNumber);
const addresses = (channels) => channels.map(({ target }) => target).join("\n");
const channels = (text) => text.split(/\s+/).filter(Boolean).map((target) => ({ channel: /^https?:/.test(target) ? "webhook" : "email", target }));
const wide = (child) => { child.classList.add("wide"); return child; };

const ruleFields = (was, known) => {
  const input = (name, type, value, more = {}) => make("input", { name, type, value: value ?? "", autocomplete: "off", ...more });
  const kind = choice("kind", Object.entries(KINDS).map(([key, { label }]) => [key, label]), was.source.kind);
  const chosen_ = make("div", { class: "fields nested wide" });
  const offer = () => chosen_.replaceChildren(...KINDS[kind.value].fields(kind.value === was.source.kind ? was.source : {}, known));
  kind.addEventListener("input", offer);
  offer();
  return make("div", { class: "fields" },
    wide(field("Name", input("name", "text", was.name, { required: true, maxlength: 200, autofocus: true }))),
    wide(field("Watches", kind)),
    chosen_,
    field("Fires when it is", choice("comparison", COMPARISONS, was.comparison)),
    field("Threshold", input("threshold", "number", was.threshold, { step: "any", required: true })),
    field("For at least, seconds", input("for_seconds", "number", was.for_seconds, { min: 0, max: 604800, step: 1, required: true })),
    field("Resolves at", input("clear_at", "number", was.clear_at, { step: "any", placeholder: "the threshold" })),
    field("Severity", choice("severity", SEVERITIES, was.severity)),
    field("Switches off", choice("flag", [["", "nothing"], ...known.flags.map((name) => [name, humanised(name)])], was.flag ?? "")),
    wide(field("Tells, beside the log", make("textarea", { name: "channels", rows: 2, placeholder: "e-mail addresses and https:// webhooks, one a line", autocomplete: "off", spellcheck: "false" }, addresses(was.channels)))));
};
const asked = ({ elements }, was) => {
  const kind = elements.kind.value;
  const same = kind === was.source.kind ? was.source : {};
  return {
    name: elements.name.value.trim(), source: { ...same, kind, ...KINDS[kind].read(elements) },
    comparison: elements.comparison.value, threshold: elements.threshold.valueAsNumber, clear_at: optional(elements.clear_at),
    for_seconds: elements.for_seconds.valueAsNumber, severity: elements.severity.value, flag: elements.flag.value || null,
    channels: channels(elements.channels.value), enabled: was.enabled,
  };
};
const fetched = async (target) => {
  const response = await fetch(target);
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
};
const editAlert = async (rule) => {
  const was = rule ?? FRESH_RULE;
  const button = document.activeElement;
  let known = null;
  let secret = null;
  try { known = await fetched("/v1/alert-figures"); } catch (error) { say(`What can be watched is not known: ${error.message}`); return; }
  await ask(rule ? "Edit alert" : "New alert", [ruleFields(was, known)], rule ? "Save" : "Create", async (form) => {
    const values = asked(form, was);
    const made = rule ? await put(rule, values) : await send("POST", "/v1/alerts", values);
    replaceRule(made);
    secret = made.secret;
    say(`${made.name} is ${rule ? "changed" : "created"}.`);
  });
  if (secret) await showSecret(secret);
  button?.focus();
};
/** It is told this once: whoever receives the webhooks needs it. */
const showSecret = (secret) => ask("Secret of the webhooks", [make("p", {}, "It signs what is sent (header Muster-Signature) and is shown this once:"), make("p", {}, make("code", { class: "secret" }, secret))], "Done");

const LENGTHS = [[900, "15 minutes"], [3600, "1 hour"], [14400, "4 hours"], [86400, "1 day"], [604800, "1 week"]];
const silenceAlert = (rule) => ask(`Silence “${rule.name}”`, [make("div", { class: "fields" },
  wide(field("For", choice("lasting", LENGTHS, 3600))),
  wide(field("Why", make("input", { type: "text", name: "because", required: true, maxlength: 500, autocomplete: "off" }))))], "Silence", async (form) => {
  const until = new Date(Date.now() + Number(form.elements.lasting.value) * 1000).toISOString();
  replaceRule(await silence(rule, until, form.elements.because.value));
  say(`${rule.name} is silenced.`);
});

const hearing = (event) => event.told.map(({ channel, target, state }) => `${target || channel} ${state}`).join(", ") || "nobody";
const alertHistory = (rule) => {
  const holder = make("div", { class: "past" }, make("p", { class: "none" }, "Loading"));
  fetched(`/v1/alerts/${rule.id}/events?limit=50`).then(({ items }) => {
    const rows = items.map((event) => make("tr", {}, make("th", { scope: "row" }, moment(event.at)), make("td", {}, STATES[event.state] || event.state), make("td", { class: "n" }, withUnit(event.value, rule)), make("td", {}, hearing(event))));
    const heads = ["When", "State", "Value", "Told"].map((head, at) => make("th", { scope: "col", class: at === 2 ? "n" : null }, head));
    holder.replaceChildren(items.length ? make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "History of the alert" }, make("table", { class: "rows" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows))) : make("p", { class: "none" }, "It has never changed its state."));
  }, (error) => holder.replaceChildren(make("p", { class: "failed" }, error.message)));
  return ask(`History of “${rule.name}”`, [holder], "Close");
};
one("#new-alert").addEventListener("click", () => editAlert(null));
